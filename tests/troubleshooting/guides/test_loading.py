"""The shipped guides: whole in both languages, added where there is none, never over what staff wrote."""

import pytest
from django.conf import settings

from tests.factories import NOW, make_guide, make_step
from troubleshooting import categories
from troubleshooting.guides.loading import FileError, load, read, shipped
from troubleshooting.models import Category, GuideStep, GuideVersion

STEP = """
[[guide]]
category = "{category}"
[[guide.step]]
key = "{key}"
picture = "{picture}"
patron = true
yes = "{yes}"
no = "{no}"
en = {{ do = "Look.", ask = "Better?" }}
es = {{ do = "Mire.", ask = "¿Mejor?" }}
"""
GOOD = {"category": "wifi", "key": "look", "picture": "", "yes": "solved", "no": "desk"}
MODELS = (Category, GuideVersion, GuideStep)


def file(tmp_path, text="", **fields):
    path = tmp_path / "one.toml"
    path.write_text(text or STEP.format(**{**GOOD, **fields}), encoding="utf-8")
    return path


def test_every_shipped_guide_is_whole_and_of_a_shipped_category():
    codes = {row.code for row in categories.SHIPPED}
    assert [guide.category for guide in shipped() if guide.category not in codes] == []


def test_a_file_becomes_steps_in_order(tmp_path):
    (guide,) = read(file(tmp_path))
    assert (guide.category, [step.key for step in guide.steps]) == ("wifi", ["look"])
    assert guide.steps[0].text("es").ask == "¿Mejor?"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"no": "look"}, "goes round"),
        ({"no": "gone"}, "“gone”"),
        ({"picture": "no-such-drawing"}, "no drawing no-such-drawing"),
        ({"key": "k" * 41}, "too long"),
    ],
)
def test_a_guide_with_a_problem_is_refused_with_file_and_step(tmp_path, fields, said):
    with pytest.raises(FileError, match=r"one\.toml: wifi") as refused:
        list(read(file(tmp_path, **fields)))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        ("patron = true\n", ""),
        ("patron = true", 'patron = true\nhint = "x"'),
        ('es = { do = "Mire.", ask = "¿Mejor?" }', 'es = { do = "Mire." }'),
        ('es = { do = "Mire.", ask = "¿Mejor?" }', 'es = "Mire."'),
        ("[[guide]]", "[[guide"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path, change):
    with pytest.raises(FileError):
        list(read(file(tmp_path, STEP.format(**GOOD).replace(*change))))


def test_two_guides_of_one_category_are_refused(tmp_path):
    file(tmp_path, STEP.format(**GOOD) * 2)
    with pytest.raises(FileError, match="wifi has two guides"):
        shipped(tmp_path)


@pytest.mark.django_db
def test_a_fresh_system_has_the_shipped_guides_in_use():
    live = set(GuideVersion.objects.filter(is_live=True).values_list("category__code", flat=True))
    assert live == {guide.category for guide in shipped()}


@pytest.mark.django_db
def test_loading_again_adds_nothing_and_keeps_what_staff_published(tmp_path):
    wifi = Category.objects.get(code="wifi")
    make_guide(wifi, make_step("ours"))
    file(tmp_path)
    assert load(*MODELS, now=NOW, folder=tmp_path) == 0
    assert GuideVersion.objects.get(category=wifi, is_live=True).steps.get().key == "ours"


@pytest.mark.django_db
def test_a_guide_is_added_where_the_category_has_none_and_not_where_it_was_removed(tmp_path):
    GuideVersion.objects.all().delete()
    file(tmp_path, STEP.format(**GOOD) + STEP.format(**{**GOOD, "category": "audio"}))
    Category.objects.filter(code="audio").delete()
    assert load(*MODELS, now=NOW, folder=tmp_path) == 1
    assert GuideVersion.objects.get().category.code == "wifi"


def test_drawings_stand_in_the_folder_of_static_files():
    assert (settings.BASE_DIR / "static" / "guides.svg").exists()
