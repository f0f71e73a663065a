"""The manager's page: download, look at a file, import it; refusals are sentences and nothing is saved."""

import re
from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from helpdesk.carry.archive import MOST_PACKED
from helpdesk.carry.out import carry_out
from helpdesk.models import Role
from reservations.models import Branch
from reservations.public import demo
from tests import factories as make
from tests.factories import NOW
from tests.helpdesk.carry.carried import empty, put, small_set_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def manager(client):
    client.force_login(make.make_user(Role.MANAGER))
    return client


@pytest.fixture
def file():
    """The file of a small set-up, in a system that is empty again."""
    small_set_up()
    content = carry_out()
    empty()
    return content


def look(client, content):
    return client.post(reverse("carry-look"), {"file": SimpleUploadedFile("set-up.zip", content)})


def held(answer):
    return re.search(r'name="content" value="([^"]+)"', answer.text)[1]


def test_the_download_is_the_export_and_its_name_says_the_day(manager):
    small_set_up()
    answer = manager.get(reverse("carry-out"))
    assert answer.content == carry_out()
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="set-up-2026-11-24.zip"'


def test_a_file_is_looked_at_first_and_imported_when_the_manager_says_so(manager, file):
    answer = look(manager, file)
    assert "Nothing is saved yet" in answer.text
    assert "opening_hours.csv" in answer.text
    assert not Branch.objects.exists()
    done = manager.post(reverse("carry-in"), {"content": held(answer)}, follow=True)
    assert "The set-up is here:" in done.text
    assert carry_out() == file


def test_a_refused_line_is_shown_with_sheet_line_column_and_reason_and_no_button(manager, file):
    answer = look(manager, put(file, "devices.csv", 2, "area", "<b>Cellar</b>"))
    assert answer.status_code == 422
    assert "<b>devices.csv, line 2, area:</b> areas.csv has no “harbour, &lt;b&gt;Cellar" in answer.text
    assert "Import this set-up" not in answer.text
    assert 'name="file"' in answer.text


def test_lines_that_wait_for_a_refused_one_are_only_counted(manager, file):
    answer = look(manager, put(file, "branches.csv", 2, "name", ""))
    assert "11 more lines name one of these" in answer.text


@pytest.mark.parametrize("content", [b"hello", b"PK" + b"0" * MOST_PACKED])
def test_a_wrong_file_is_a_sentence_at_its_field(manager, content):
    answer = look(manager, content)
    assert answer.status_code == 422
    assert "Choose the file that the export gave." in answer.text


def test_no_file_is_a_sentence_at_its_field(manager):
    answer = manager.post(reverse("carry-look"))
    assert answer.status_code == 422
    assert "Choose the file that the export of another system gave." in answer.text


@pytest.mark.parametrize("content", ["", "no base 64!", "é", "aGVsbG8="])
def test_a_held_file_that_was_damaged_is_refused(manager, content):
    answer = manager.post(reverse("carry-in"), {"content": content})
    assert answer.status_code == 422
    assert "a part of it got lost" in answer.text


def test_a_held_file_is_read_again_with_all_its_refusals(manager, file):
    broken = put(file, "devices.csv", 2, "area", "Cellar")
    answer = manager.post(reverse("carry-in"), {"content": b64encode(broken).decode()})
    assert answer.status_code == 422
    assert "Nothing was saved: 1 line is refused." in answer.text
    assert not Branch.objects.exists()


def test_the_largest_file_that_is_taken_fits_into_the_form_that_holds_it(manager):
    answer = manager.post(reverse("carry-in"), {"content": b64encode(b"\xff" * MOST_PACKED).decode()})
    assert answer.status_code == 422
    assert "a part of it got lost" in answer.text


def test_a_system_in_use_offers_no_import_and_says_what_to_do(manager):
    small_set_up()
    page = manager.get(reverse("carry")).text
    assert "Start a new system and import there" in page
    assert 'name="file"' not in page


def test_an_import_that_comes_too_late_is_refused_with_what_is_there(manager, file):
    sent = held(look(manager, file))
    make.make_branch()
    answer = manager.post(reverse("carry-in"), {"content": sent})
    assert answer.status_code == 422
    assert "Branches: 1" in answer.text


def test_the_page_takes_the_same_number_of_queries_however_much_there_is(manager, django_assert_max_num_queries):
    demo.build_places(now=NOW)
    with django_assert_max_num_queries(15):
        manager.get(reverse("carry"))
