"""The tally on the desk's page: taps with a time of their own, taking back, and what is entered later."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import NOW, make_branch
from tests.troubleshooting.staffed import HTMX, counted, freeze, signed_in, text_of
from troubleshooting import categories
from troubleshooting.models import Category, Ticket, TicketEvent

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)
    categories.load(Category)


@pytest.fixture
def branch():
    return make_branch(name="Harbour")


@pytest.fixture
def client(branch):
    return signed_in("desk", branch)[0]


def tap(client, branch, **fields):
    data = {"group": "printing", "request_key": str(uuid4()), **fields}
    return client.post(reverse("desk-tally", args=[branch.slug]), data, **HTMX)


def late(client, here, **fields):
    data = {
        "group": "printing",
        "many": "5",
        "branch": here.slug,
        "day": "2026-11-23",
        "hour": "14",
        "request_key": str(uuid4()),
    }
    return client.post(reverse("desk-tally-late-save", args=[here.slug]), {**data, **fields}, follow=True)


def test_a_tap_brings_its_own_time(client, branch):
    assert tap(client, branch, at="2026-11-24T17:00:00.250Z").status_code == 200
    assert Ticket.objects.get().opened_at == datetime(2026, 11, 24, 17, 0, 0, 250_000, tzinfo=UTC)


def test_a_tap_without_a_time_is_now(client, branch):
    tap(client, branch)
    assert Ticket.objects.get().opened_at == NOW


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-17T19:06:59Z", "This was more than 7 days ago."),
        ("2026-11-24T20:00:00Z", "This time has not come yet."),
        ("nonsense", "Tap one of the seven buttons."),
        ("0001-01-01T00:00:00Z", "This was more than 7 days ago."),
        ("9999-12-31T23:59:59Z", "This time has not come yet."),
    ],
)
def test_a_tap_of_a_time_that_cannot_be_is_refused_in_words(client, branch, at, words):
    answer = tap(client, branch, at=at)
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert Ticket.objects.count() == 0


def test_the_page_says_what_the_script_needs(client, branch):
    page = client.get(reverse("desk-branch", args=[branch.slug])).content.decode()
    assert f'data-queue="{client.session["_auth_user_id"]}:{branch.slug}"' in page
    assert 'data-words="Not sent yet: {n}"' in page
    assert 'data-ask="printing"' in page


def test_undo_by_key_takes_that_tap_back_and_an_unknown_one_is_fine(client, branch):
    key = str(uuid4())
    undo = reverse("desk-tally-undo", args=[branch.slug])
    assert client.post(undo, {"request_key": key}, **HTMX).status_code == 200
    tap(client, branch, request_key=key)
    assert client.post(undo, {"request_key": key}, **HTMX).status_code == 200
    assert Ticket.objects.counted().count() == 0


def test_late_counts_are_entered_with_day_and_hour_of_the_branch(client, branch):
    page = late(client, branch)
    assert Ticket.objects.count() == 5
    assert timezone.localtime(Ticket.objects.first().opened_at).strftime("%d %H:%M") == "23 14:00"
    assert "Printing, 5." in text_of(page)


def test_all_of_them_can_be_taken_back_from_the_message(client, branch):
    page = late(client, branch).content.decode()
    undo = reverse("desk-tally-undo", args=[branch.slug])
    assert f'action="{undo}"' in page
    client.post(undo, **HTMX)
    assert Ticket.objects.counted().count() == 0


def test_late_counts_can_be_for_another_branch_where_one_works():
    here, there = make_branch(), make_branch()
    client, _user = signed_in("desk", here, there)
    late(client, here, branch=there.slug)
    assert set(Ticket.objects.values_list("branch", flat=True)) == {there.pk}


def test_the_same_form_twice_counts_once(client, branch):
    key = str(uuid4())
    for _ in range(2):
        late(client, branch, request_key=key)
    assert Ticket.objects.count() == 5


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"many": "0"}, "Enter a number from 1 to 50."),
        ({"many": "51"}, "Enter a number from 1 to 50."),
        ({"many": "x"}, "Enter a number from 1 to 50."),
        ({"group": ""}, "Choose what was asked."),
        ({"group": "other"}, "Choose one of the shown."),
        ({"day": "2026-11-25"}, "Choose one of the shown."),
        ({"day": "2026-11-17"}, "Choose one of the shown."),
        ({"day": "2026-11-24", "hour": "15"}, "This hour has not come yet."),
        ({"hour": "24"}, "Choose one of the shown."),
        ({"branch": "elsewhere"}, "Choose one of the shown."),
        ({"request_key": ""}, "Open this page again, then save."),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_the_rest_stays(client, branch, bad, words):
    page = late(client, branch, **bad)
    assert (page.status_code, words in text_of(page)) == (422, True)
    assert Ticket.objects.count() == 0


def test_a_branch_where_one_does_not_work_is_no_choice(client, branch):
    other = make_branch()
    assert late(client, branch, branch=other.slug).status_code == 422
    assert Ticket.objects.count() == 0


def test_the_form_begins_with_the_hour_before_this_one(client, branch):
    page = client.get(reverse("desk-tally-late", args=[branch.slug])).content.decode()
    assert '<option value="13" selected>' in page
    assert '<option value="2026-11-24" selected>' in page


def test_an_hour_that_the_clocks_skipped_is_refused(client, branch, monkeypatch):
    freeze(monkeypatch, datetime(2026, 3, 8, 19, 0, tzinfo=UTC))
    page = late(client, branch, day="2026-03-08", hour="2")
    assert "The clocks skipped this hour that day." in text_of(page)


@pytest.mark.parametrize(("day", "utc_hour"), [("2026-03-07", 15), ("2026-03-08", 14)])
def test_an_hour_is_the_branchs_own_on_both_sides_of_a_clock_change(client, branch, monkeypatch, day, utc_hour):
    freeze(monkeypatch, datetime(2026, 3, 9, 19, 0, tzinfo=UTC))
    late(client, branch, day=day, hour="10")
    assert {ticket.opened_at.hour for ticket in Ticket.objects.all()} == {utc_hour}


def test_a_question_begins_with_the_kind_that_was_chosen(client, branch):
    page = client.get(reverse("desk-branch", args=[branch.slug]), {"about": "printing"}).content.decode()
    assert '<option value="printing" selected>' in page
    assert Category.objects.get(code="printing").label in page


@pytest.mark.parametrize("about", ["nothing", "<script>", "x" * 5000])
def test_an_unknown_kind_chooses_nothing(client, branch, about):
    page = client.get(reverse("desk-branch", args=[branch.slug]), {"about": about})
    assert (page.status_code, page.context["category"]) == (200, None)


def test_a_tap_takes_as_many_queries_whether_it_waited_or_not(client, branch):
    found = []
    for fields in ({}, {"at": "2026-11-24T17:00:00Z"}):
        with counted() as queries:
            tap(client, branch, **fields)
        found.append(len(queries))
    assert found[0] == found[1]


def test_the_story_of_a_late_count_says_so(client, branch):
    late(client, branch, many="1")
    ticket = Ticket.objects.get()
    assert "Counted later" in text_of(client.get(reverse("desk-question", args=[ticket.pk])))
    assert TicketEvent.objects.get().by_user_id == int(client.session["_auth_user_id"])
