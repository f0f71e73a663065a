"""The manager's pages of cards: a file is read, looked at, imported; the log of look-ups names nobody."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from helpdesk.models import Role
from reservations.cards.importing import begin_import, drop_import, import_batch
from reservations.models import Card, CardImport, PatronLookup
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LINES = b"number;pin;age_band\n29990000000017;2468;adult\nx;2468;adult\n"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def manager(client):
    client.force_login(make.make_user(Role.MANAGER))
    return client


def upload(client, content=LINES):
    return client.post(reverse("card-upload"), {"file": SimpleUploadedFile("cards.csv", content)})


def test_a_file_is_read_first_and_imported_when_the_manager_says_so(manager):
    answer = upload(manager)
    found = CardImport.objects.get()
    assert answer["Location"] == reverse("card-import", args=[found.pk])
    page = manager.get(answer["Location"]).content.decode()
    assert "No card is changed yet" in page
    assert "The number must have 5 to 40 letters and digits." in page
    assert "The rest can be imported without them." in page
    assert not Card.objects.exists()
    manager.post(reverse("card-import-begin", args=[found.pk]))
    import_batch(pk=found.pk, now=NOW)
    page = manager.get(answer["Location"]).content.decode()
    assert "1 line is imported" in page
    assert "The rest can be imported" not in page
    assert Card.objects.count() == 1


def test_a_deletion_is_said_as_one(manager):
    make.make_card("29990000000017")
    address = upload(manager, b"number;action\n29990000000017;delete\n")["Location"]
    found = CardImport.objects.get()
    manager.post(reverse("card-import-begin", args=[found.pk]))
    import_batch(pk=found.pk, now=NOW)
    page = manager.get(address).content.decode()
    assert ("1 card is deleted" in page, "imported" in page, Card.objects.count()) == (True, False, 0)


def test_where_no_line_can_be_imported_there_is_no_rest(manager):
    page = manager.get(upload(manager, b"number;pin;age_band\nx;2468;adult\n")["Location"]).content.decode()
    assert "No line can be imported." in page
    assert "The rest can be imported" not in page


def test_the_page_asks_for_its_progress_while_it_runs_and_no_longer(manager):
    address = upload(manager)["Location"]
    found = CardImport.objects.get()
    manager.post(reverse("card-import-begin", args=[found.pk]))
    running = manager.get(address, headers={"HX-Request": "true"}).content.decode()
    assert running.lstrip().startswith('<section class="paper pad" id="progress"')
    assert 'hx-trigger="every 2s"' in running
    import_batch(pk=found.pk, now=NOW)
    assert "every 2s" not in manager.get(address).content.decode()


@pytest.mark.parametrize(("content", "sentence"), [(b"", "The file is empty."), (b"a,b\n", "must name the columns")])
def test_a_file_that_cannot_be_read_is_a_sentence_at_its_field(manager, content, sentence):
    answer = upload(manager, content)
    assert (answer.status_code, CardImport.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_no_upload_ever_reaches_a_disk(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]


def test_a_file_beyond_the_limit_is_refused_with_the_way_on(manager, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 50
    answer = upload(manager)
    assert answer.status_code == 422
    assert "manage.py import_cards" in answer.content.decode()


def test_the_report_is_a_file_that_holds_no_number(manager):
    upload(manager)
    answer = manager.get(reverse("card-import-report", args=[CardImport.objects.get().pk]))
    assert answer["Content-Type"].startswith("text/csv")
    assert b"number_length" in answer.content
    assert b"2468" not in answer.content


def test_an_import_that_has_ended_is_not_begun_again(manager):
    upload(manager)
    found = CardImport.objects.get()
    manager.post(reverse("card-import-drop", args=[found.pk]))
    assert manager.post(reverse("card-import-begin", args=[found.pk])).status_code == 422


def test_the_log_says_who_looked_when_and_why_and_nobody_can_ask_for_whom(manager):
    patron, user = make.make_patron(alias="Z99"), make.make_user()
    PatronLookup.objects.create(at=NOW, user=user, branch=make.make_branch(name="Harbour"), why="ask", patron=patron)
    PatronLookup.objects.create(at=NOW - timedelta(days=1), user=user, branch=make.make_branch(), why="book")
    page = manager.get(reverse("lookups"), {"patron": patron.pk}).content.decode()
    assert user.username in page
    assert "asking about their booking" in page
    assert "booking for them" in page
    assert "Z99" not in page


def test_where_the_library_system_is_asked_an_import_is_said_to_sign_nobody_in(manager, settings):
    said = "What is imported signs nobody in"
    assert said not in manager.get(reverse("cards")).content.decode()
    settings.PATRON_SOURCE = "sip2"
    assert said in manager.get(reverse("cards")).content.decode()


def test_who_imports_what_was_dropped_a_moment_ago_sees_that_it_is_dropped(manager, monkeypatch):
    upload(manager)
    found = CardImport.objects.get()

    def dropped_meanwhile(*, card_import, by, now):
        drop_import(card_import=card_import, by=by, now=now)
        return begin_import(card_import=card_import, by=by, now=now)

    monkeypatch.setattr("reservations.views.cards.begin_import", dropped_meanwhile)
    answer = manager.post(reverse("card-import-begin", args=[found.pk]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Dropped, after 0 lines were imported" in page
    assert "No card is changed yet" not in page
    assert "import-begin" not in page
