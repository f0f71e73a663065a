"""The languages are what is compiled in locale/: one more file is one more language, also one from the right."""

import pytest
from django.conf import settings as real
from django.urls import reverse

from helpdesk.languages import languages
from tests.catalogues import arabic_letters, write_catalogue, write_right_to_left
from tests.factories import make_branch, make_user
from tests.reservations.kiosked import paired


def test_english_and_spanish_are_there():
    assert real.LANGUAGES[:2] == [("en", "English"), ("es", "Español")]


def test_english_comes_first_and_each_language_by_its_own_name(tmp_path):
    for folder in ("ar", "zh_Hans", "vi", "es", "de"):
        write_catalogue(tmp_path, folder, {})
    assert languages(tmp_path) == [
        ("en", "English"),
        ("de", "Deutsch"),
        ("es", "Español"),
        ("vi", "Tiếng Việt"),
        ("ar", "العربيّة"),
        ("zh-hans", "简体中文"),
    ]


def test_an_empty_folder_leaves_english(tmp_path):
    assert languages(tmp_path) == [("en", "English")]


def test_a_catalogue_that_is_not_compiled_is_no_language_yet(tmp_path):
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "fr" / "LC_MESSAGES" / "django.po").write_text("", encoding="utf-8")
    assert languages(tmp_path) == [("en", "English")]


def test_english_sentences_of_ones_own_do_not_name_english_twice(tmp_path):
    write_catalogue(tmp_path, "en", {"Welcome": "Hello"})
    assert languages(tmp_path) == [("en", "English")]


@pytest.mark.parametrize(("header", "name"), [("X-Language-Name: soomaali\n", "Soomaali"), ("", "So")])
def test_a_language_unknown_to_django_is_named_by_its_catalogue(tmp_path, header, name):
    write_catalogue(tmp_path, "so", {}, header)
    assert languages(tmp_path)[1] == ("so", name)


@pytest.fixture
def third(tmp_path, settings):
    """One more language, as if its file had been there at the start."""
    write_right_to_left(tmp_path)
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, tmp_path]
    settings.LANGUAGES = [*settings.LANGUAGES, *languages(tmp_path)[1:]]


@pytest.mark.django_db
@pytest.mark.usefixtures("third")
def test_a_third_language_is_offered_and_spoken_at_the_kiosk():
    client, _kiosk = paired()
    assert '<button name="language" value="ar" lang="ar"' in client.get(reverse("kiosk")).content.decode()
    client.post(reverse("kiosk-settings"), {"language": "ar"})
    page = client.get(reverse("kiosk")).content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert arabic_letters("¿Qué le gustaría hacer?") in page


@pytest.mark.django_db
@pytest.mark.usefixtures("third")
@pytest.mark.parametrize("name", ["sign-in", "desk", "reference", "it", "notices"])
def test_staff_pages_turn_round_too(client, name):
    branch = make_branch()
    client.cookies[real.LANGUAGE_COOKIE_NAME] = "ar"
    if name != "sign-in":
        client.force_login(make_user("manager", branch))
    page = client.get(reverse(name), follow=True).content.decode()
    assert '<html lang="ar" dir="rtl"' in page
