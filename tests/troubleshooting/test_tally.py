"""One tap counts, one more takes it back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import staff
from reservations.public import calendars_of
from tests.factories import NOW, at, make_branch, make_category, make_ticket, make_user
from troubleshooting.lifecycle import TicketRefused, log, reopen
from troubleshooting.models import Category, Ticket
from troubleshooting.tally import tally, tally_day, undo_last_tally

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def categories():
    Category.objects.all().delete()
    make_category("printing", tally_group="printing", read_level=1)
    make_category("paper_jam", tally_group="printing", read_level=2)
    make_category("phone", tally_group="phone")


def tap(branch, user, group="printing", **fields):
    arguments = {"request_key": uuid4(), "by": staff(user.pk, user.role), "now": NOW, **fields}
    return tally(branch_id=branch.pk, group=group, **arguments)


def counted(branch, now=NOW):
    lines = tally_day(branch.pk, calendars_of([branch.pk])[branch.pk], now).buttons
    return {line.group: line.count for line in lines if line.count}


def test_a_tap_is_a_done_question_of_the_groups_usual_category():
    ticket = tap(make_branch(), make_user())
    assert (ticket.state, ticket.category.code, ticket.read_level, ticket.channel) == ("done", "printing", 1, "desk")


def test_a_tap_on_phone_came_by_phone():
    assert tap(make_branch(), make_user(), "phone").channel == "phone"


def test_where_the_usual_category_was_removed_the_groups_first_counts():
    Category.objects.filter(code="printing").delete()
    assert tap(make_branch(), make_user()).category.code == "paper_jam"


@pytest.mark.parametrize("group", ["weather", "", "wifi"])
def test_a_button_that_is_not_there_is_refused(group):
    with pytest.raises(TicketRefused) as refused:
        tap(make_branch(), make_user(), group)
    assert refused.value.code == "unknown_group"


def test_the_same_tap_sent_twice_counts_once():
    branch, user, key = make_branch(), make_user(), uuid4()
    tap(branch, user, request_key=key)
    tap(branch, user, request_key=key)
    assert counted(branch) == {"printing": 1}


def test_the_seven_buttons_stand_in_the_order_of_their_keys():
    branch = make_branch()
    lines = tally_day(branch.pk, calendars_of([branch.pk])[branch.pk], NOW).buttons
    assert [(line.key, line.group) for line in lines] == [
        (1, "directions"),
        (2, "printing"),
        (3, "computer"),
        (4, "wifi"),
        (5, "account"),
        (6, "reference"),
        (7, "phone"),
    ]


def test_a_logged_question_is_its_own_tally():
    branch = make_branch()
    make_ticket(branch, category=Category.objects.get(code="paper_jam"))
    assert counted(branch) == {"printing": 1}


def test_yesterday_and_other_branches_do_not_count():
    branch, user = make_branch(), make_user()
    tap(branch, user, now=NOW - timedelta(days=1))
    tap(make_branch(), user)
    assert counted(branch) == {}


def test_undo_takes_the_last_tap_back():
    branch, user = make_branch(), make_user()
    tap(branch, user, now=at(14, 1))
    tap(branch, user, "phone", now=at(14, 2))
    undone = undo_last_tally(branch_id=branch.pk, by=staff(user.pk, "desk"), now=NOW)
    assert (undone.outcome, counted(branch)) == ("withdrawn", {"printing": 1})


def test_undo_goes_back_tap_by_tap():
    branch, user = make_branch(), make_user()
    for minute in (1, 2):
        tap(branch, user, now=at(14, minute))
    for _ in range(2):
        undo_last_tally(branch_id=branch.pk, by=staff(user.pk, "desk"), now=NOW)
    assert counted(branch) == {}


def nothing_to_undo(branch, user):
    with pytest.raises(TicketRefused) as refused:
        undo_last_tally(branch_id=branch.pk, by=staff(user.pk, "desk"), now=NOW)
    return refused.value.code == "nothing_to_undo"


def test_undo_leaves_other_peoples_taps():
    branch = make_branch()
    tap(branch, make_user())
    assert nothing_to_undo(branch, make_user())


def test_undo_leaves_taps_older_than_ten_minutes():
    branch, user = make_branch(), make_user()
    tap(branch, user, now=NOW - timedelta(minutes=10))
    assert nothing_to_undo(branch, user)


def test_undo_leaves_questions_that_were_logged_with_words():
    branch, user = make_branch(), make_user()
    log(
        branch_id=branch.pk,
        text="Jam",
        category="paper_jam",
        solved=True,
        request_key=uuid4(),
        by=staff(user.pk, "desk"),
        now=NOW,
    )
    assert nothing_to_undo(branch, user)


def test_undo_leaves_a_tap_that_became_an_open_question():
    branch, user = make_branch(), make_user()
    ticket = tap(branch, user)
    reopen(ticket_id=ticket.pk, by=staff(user.pk, "desk"), now=NOW)
    assert nothing_to_undo(branch, user)
    assert Ticket.objects.get().state == "waiting"


def test_a_question_that_is_not_sorted_counts_in_the_total_and_for_no_button():
    branch = make_branch()
    make_ticket(branch, category=make_category("other", tally_group="other"))
    day = tally_day(branch.pk, calendars_of([branch.pk])[branch.pk], NOW)
    assert (day.total, [line.count for line in day.buttons]) == (1, [0] * 7)


def test_there_is_no_button_for_what_is_not_sorted():
    make_category("other", tally_group="other")
    with pytest.raises(TicketRefused):
        tap(make_branch(), make_user(), group="other")
