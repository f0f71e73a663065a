"""The shipped taxonomy."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from tests.factories import make_category
from troubleshooting.categories import SHIPPED, TALLY_CATEGORY, load
from troubleshooting.models import Category
from troubleshooting.models.category import BUTTONS

BY_CODE = {row.code: row for row in SHIPPED}


def test_codes_are_unique():
    assert len(BY_CODE) == len(SHIPPED)


@pytest.mark.parametrize("group", BUTTONS)
def test_every_tally_button_has_a_shipped_category_of_its_group(group):
    assert BY_CODE[TALLY_CATEGORY[group]].tally == group


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: row.code)
def test_a_shipped_category_fits_the_table(row):
    category = Category(
        code=row.code,
        name=row.name,
        tier=row.tier,
        kind=row.kind,
        tally_group=row.tally,
        read_level=row.read,
        promise_minutes=row.promise,
        policy_line=row.policy,
    )
    try:
        category.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        pytest.fail(str(error))


def test_what_librarians_find_counts_as_reference_and_machines_do_not():
    assert BY_CODE["government_legal"].reference
    assert not any(row.reference for row in SHIPPED if row.kind != "reference" and row.code != "ebooks_apps")


@pytest.mark.django_db
def test_loading_twice_adds_nothing():
    load(Category)
    assert (load(Category), Category.objects.count()) == (0, len(SHIPPED))


@pytest.mark.django_db
def test_loading_keeps_what_a_manager_changed():
    make_category("printing", name="Druckerei")
    load(Category)
    assert Category.objects.get(code="printing").name == "Druckerei"


@pytest.mark.django_db
def test_loading_brings_back_what_is_missing():
    load(Category)
    Category.objects.filter(code="wifi").delete()
    assert load(Category) == 1


@pytest.mark.django_db
def test_a_new_category_comes_without_those_that_a_manager_removed():
    load(Category)
    Category.objects.filter(code__in=["wifi", "library_system"]).delete()
    assert load(Category, only=["library_system"]) == 1
    assert not Category.objects.filter(code="wifi").exists()


def test_a_label_is_translated_when_it_is_shown(monkeypatch):
    monkeypatch.setattr("troubleshooting.models.category.gettext", lambda text: f"<{text}>")
    with translation.override("es"):
        category = Category(name="Wi-Fi", policy_line="Guide.")
        assert (category.label, category.policy) == ("<Wi-Fi>", "<Guide.>")
