"""One tap counts, one more takes it back; what waited for the network or is entered later has its own time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import staff
from reservations.public import calendars_of
from tests.factories import NOW, at, make_branch, make_category, make_ticket, make_user
from tests.troubleshooting.racing import race
from tests.troubleshooting.staffed import counted as queries_of
from troubleshooting.lifecycle import TicketRefused, log, reopen
from troubleshooting.models import Category, Ticket, TicketEvent
from troubleshooting.tally import tally, tally_day, tally_late, undo_last_tally, undo_tally

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
    (undone,) = undo_last_tally(branch_id=branch.pk, by=staff(user.pk, "desk"), now=NOW)
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


def code_of(refused):
    return refused.value.code


def undo(branch, user, now=NOW):
    return undo_last_tally(branch_id=branch.pk, by=staff(user.pk, "desk"), now=now)


def late(branch, user, many=3, when=NOW - timedelta(hours=2), group="printing", **fields):
    arguments = {"request_key": uuid4(), "by": staff(user.pk, user.role), "now": NOW, **fields}
    return tally_late(branch_id=branch.pk, group=group, many=many, at=when, **arguments)


@pytest.mark.parametrize(("group", "usual"), [("printing", 1), ("reference", 4), ("directions", None)])
def test_a_tap_is_read_1_whatever_its_category_usually_is(group, usual):
    make_category(f"{group}_now", tally_group=group, read_level=usual)
    assert tap(make_branch(), make_user(), group).read_level == 1


def test_a_tap_on_reference_counts_as_a_reference_transaction():
    make_category("catalog_search", tally_group="reference", tier=2, kind="reference", counts_as_reference=True)
    ticket = tap(make_branch(), make_user(), "reference")
    assert (ticket.kind, ticket.tier, ticket.counts_as_reference) == ("reference", 1, True)


def test_a_question_that_is_solved_with_words_counts_once_and_by_no_tap():
    branch = make_branch()
    log(
        branch_id=branch.pk,
        text="Jam",
        category="paper_jam",
        solved=True,
        request_key=uuid4(),
        by=staff(make_user().pk, "desk"),
        now=NOW,
    )
    assert (counted(branch), Ticket.objects.count()) == ({"printing": 1}, 1)


def test_the_figures_of_a_day_are_one_query_however_much_was_asked():
    branch, user = make_branch(), make_user()
    late(branch, user, many=50)
    calendar = calendars_of([branch.pk])[branch.pk]
    with queries_of() as queries:
        tally_day(branch.pk, calendar, NOW)
    assert len(queries) == 1


def test_a_tap_that_waited_for_the_network_counts_when_it_was_made():
    branch, user = make_branch(), make_user()
    ticket = tap(branch, user, at=NOW - timedelta(hours=3))
    assert (ticket.opened_at, ticket.done_at) == (NOW - timedelta(hours=3),) * 2
    assert ticket.events.get().at == NOW


def test_an_offline_tap_replayed_twice_counts_once():
    branch, user, key = make_branch(), make_user(), uuid4()
    for now in (NOW, NOW + timedelta(minutes=1), NOW + timedelta(days=8)):
        tap(branch, user, request_key=key, at=NOW - timedelta(hours=3), now=now)
    assert (counted(branch), TicketEvent.objects.count()) == ({"printing": 1}, 1)


def test_a_replay_of_a_tap_that_was_taken_back_does_not_count_again():
    branch, user, key = make_branch(), make_user(), uuid4()
    tap(branch, user, request_key=key)
    undo(branch, user)
    tap(branch, user, request_key=key)
    assert counted(branch) == {}


def test_the_key_of_another_branchs_tap_is_refused():
    user, key = make_user(), uuid4()
    tap(make_branch(), user, request_key=key)
    with pytest.raises(TicketRefused) as refused:
        tap(make_branch(), user, request_key=key)
    assert code_of(refused) == "already_used"


def test_the_key_of_a_logged_question_is_refused():
    branch, user, key = make_branch(), make_user(), uuid4()
    make_ticket(branch, request_key=key)
    with pytest.raises(TicketRefused) as refused:
        tap(branch, user, request_key=key)
    assert code_of(refused) == "already_used"


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=7), timedelta(minutes=-2)])
def test_a_time_up_to_seven_days_back_is_taken_and_a_clock_a_little_ahead_is_now(age):
    ticket = tap(make_branch(), make_user(), at=NOW - age)
    assert ticket.opened_at == min(NOW, NOW - age)


@pytest.mark.parametrize(
    ("age", "code"),
    [(timedelta(days=7, seconds=1), "too_old"), (timedelta(minutes=-2, seconds=-1), "from_the_future")],
)
def test_a_time_that_cannot_be_is_refused_and_counts_nothing(age, code):
    with pytest.raises(TicketRefused) as refused:
        tap(make_branch(), make_user(), at=NOW - age)
    assert (code_of(refused), Ticket.objects.count()) == (code, 0)


def test_late_counts_are_questions_of_their_own_with_their_own_time():
    branch, user = make_branch(), make_user()
    tickets = late(branch, user, many=3)
    assert {(t.opened_at, t.done_at, t.state, t.read_level, t.text) for t in Ticket.objects.all()} == {
        (NOW - timedelta(hours=2), NOW - timedelta(hours=2), "done", 1, "")
    }
    assert len({ticket.request_key for ticket in tickets}) == 3
    assert counted(branch) == {"printing": 3}


def test_who_entered_them_late_and_when_stands_in_their_story():
    branch, user = make_branch(), make_user()
    late(branch, user, many=2)
    lines = set(TicketEvent.objects.values_list("what", "at", "by_user"))
    assert lines == {("tallied_late", NOW, user.pk)}


def test_late_counts_of_yesterday_are_yesterdays():
    branch, user = make_branch(), make_user()
    late(branch, user, when=NOW - timedelta(days=1))
    assert (counted(branch), counted(branch, NOW - timedelta(days=1))) == ({}, {"printing": 3})


def test_the_same_late_form_twice_counts_once():
    branch, user, key = make_branch(), make_user(), uuid4()
    for _ in range(2):
        late(branch, user, many=50, request_key=key)
    assert counted(branch) == {"printing": 50}


@pytest.mark.parametrize("many", [0, -1, 51, 10_000])
def test_more_than_fifty_at_once_or_none_is_refused(many):
    with pytest.raises(TicketRefused) as refused:
        late(make_branch(), make_user(), many=many)
    assert (code_of(refused), Ticket.objects.count()) == ("too_many", 0)


@pytest.mark.parametrize("when", [NOW - timedelta(days=7, seconds=1), NOW + timedelta(hours=1)])
def test_late_counts_of_a_time_that_cannot_be_are_refused(when):
    with pytest.raises(TicketRefused):
        late(make_branch(), make_user(), when=when)


def test_fifty_late_counts_take_no_more_queries_than_two():
    branch, user = make_branch(), make_user()
    found = []
    for many in (2, 50):
        with queries_of() as queries:
            late(branch, user, many=many)
        found.append(len(queries))
    assert found[0] == found[1] <= 7


def test_undo_takes_all_that_was_entered_at_once():
    branch, user = make_branch(), make_user()
    tap(branch, user, "phone")
    late(branch, user, many=5, when=NOW - timedelta(days=3))
    assert len(undo(branch, user)) == 5
    assert counted(branch, NOW - timedelta(days=3)) == {}
    assert counted(branch) == {"phone": 1}


def test_undo_goes_by_when_it_was_entered_not_by_when_it_was_asked():
    branch, user = make_branch(), make_user()
    tap(branch, user, at=NOW - timedelta(hours=5))
    assert len(undo(branch, user, now=NOW + timedelta(minutes=9))) == 1
    assert nothing_to_undo(branch, user)


def test_two_batches_of_one_moment_are_taken_back_one_by_one():
    branch, user = make_branch(), make_user()
    late(branch, user, many=2)
    late(branch, user, many=3)
    assert [len(undo(branch, user)), len(undo(branch, user))] == [3, 2]


def test_a_late_count_that_was_opened_again_stays_when_the_others_are_taken_back():
    branch, user = make_branch(), make_user()
    first, *_rest = late(branch, user, many=3)
    reopen(ticket_id=first.pk, by=staff(user.pk, "desk"), now=NOW)
    undo(branch, user)
    first.refresh_from_db()
    assert (first.state, counted(branch)) == ("waiting", {"printing": 1})


def test_a_tap_is_taken_back_by_its_key_and_one_that_never_came_is_nothing():
    branch, user, key = make_branch(), make_user(), uuid4()
    by = staff(user.pk, "desk")
    never = undo_tally(branch_id=branch.pk, request_key=key, by=by, now=NOW)
    tap(branch, user, request_key=key)
    undone = [undo_tally(branch_id=branch.pk, request_key=key, by=by, now=NOW) for _ in range(2)]
    assert (never, len(undone[0]), counted(branch)) == ([], 1, {})
    assert TicketEvent.objects.filter(what="taken_back").count() == 1


def test_nobody_takes_back_by_key_what_another_counted():
    branch, key = make_branch(), uuid4()
    tap(branch, make_user(), request_key=key)
    assert undo_tally(branch_id=branch.pk, request_key=key, by=staff(make_user().pk, "desk"), now=NOW) == []
    assert counted(branch) == {"printing": 1}


@pytest.mark.parametrize(
    ("morning", "hour"),
    [(datetime(2026, 10, 31, 14, 0, tzinfo=UTC), 10), (datetime(2026, 11, 1, 15, 0, tzinfo=UTC), 10)],
)
def test_a_day_is_the_branchs_own_on_both_sides_of_a_clock_change(morning, hour):
    branch, user = make_branch(), make_user()
    late(branch, user, many=2, when=morning, now=morning + timedelta(hours=3))
    calendar = calendars_of([branch.pk])[branch.pk]
    assert morning.astimezone(calendar.zone).hour == hour
    days = [tally_day(branch.pk, calendar, morning + timedelta(days=step)).total for step in (-1, 0, 1)]
    assert days == [0, 2, 0]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_tap_and_the_same_batch_sent_at_once_count_once():
    make_category("printing", tally_group="printing", read_level=1)
    branch, user = make_branch(), make_user()
    for number in range(1, 5):
        key, batch = uuid4(), uuid4()
        race(*[lambda k=key: tap(branch, user, request_key=k)] * 2)
        race(*[lambda b=batch: late(branch, user, many=4, request_key=b)] * 2)
        assert (Ticket.objects.count(), TicketEvent.objects.count()) == (number * 5, number * 5)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_undo_at_once_take_it_back_once():
    make_category("printing", tally_group="printing", read_level=1)
    branch, user = make_branch(), make_user()
    for number in range(1, 5):
        late(branch, user, many=3)
        race(*[lambda: undo(branch, user)] * 2)
        assert TicketEvent.objects.filter(what="taken_back").count() == number * 3
