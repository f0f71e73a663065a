"""The lists of open questions."""

from datetime import timedelta

import pytest
from django.http import Http404

from tests.factories import NOW, at, make_branch, make_category, make_class, make_device, make_ticket, make_user
from troubleshooting.worklist import (
    counts,
    it_list,
    next_lateness,
    reference_queue,
    story,
    ticket_for,
)

pytestmark = pytest.mark.django_db

ENOUGH = 7


def done(branch, **fields):
    return make_ticket(branch, **{"state": "done", "done_at": NOW, "outcome": "fixed", **fields})


def ids(cards):
    return [card.ticket.pk for card in cards]


def test_the_reference_queue_is_sorted_by_promise_late_first_and_unpromised_last():
    branch, anna = make_branch(), make_user("reference")
    never = make_ticket(branch, tier=2)
    soon = make_ticket(branch, tier=2, promised_at=at(14, 10))
    late = make_ticket(branch, tier=2, promised_at=at(14, 5))
    assert ids(reference_queue([branch.pk], anna, NOW)) == [late.pk, soon.pk, never.pk]


def test_the_reference_queue_holds_its_branches_open_reference_questions():
    branch, anna = make_branch(), make_user("reference")
    make_ticket(branch, tier=1)
    make_ticket(branch, tier=3)
    done(branch, tier=2)
    make_ticket(make_branch(), tier=2)
    assert reference_queue([branch.pk], anna, NOW) == []


def test_ones_own_question_says_so():
    branch, anna, ben = make_branch(), make_user("reference"), make_user("reference")
    make_ticket(branch, tier=2, state="claimed", owner=anna, claimed_at=NOW)
    assert [reference_queue([branch.pk], user, NOW)[0].mine for user in (anna, ben)] == [True, False]


@pytest.mark.parametrize(
    ("promised", "left", "late"),
    [
        (at(14, 5), None, 2),
        (at(14, 7), 0, None),
        (at(14, 8), 1, None),
        (at(14, 7) + timedelta(seconds=61), 2, None),
        (at(14, 7) - timedelta(seconds=1), None, 1),
        (None, None, None),
    ],
)
def test_a_card_counts_whole_minutes_rounded_up(promised, left, late):
    branch = make_branch()
    make_ticket(branch, tier=2, promised_at=promised)
    (card,) = reference_queue([branch.pk], make_user(), NOW)
    assert (card.minutes_left, card.minutes_late) == (left, late)


def test_time_alone_changes_a_list_at_the_next_promise():
    branch = make_branch()
    for promised in (at(14, 5), at(14, 20), at(14, 10), None):
        make_ticket(branch, tier=2, promised_at=promised)
    assert next_lateness(reference_queue([branch.pk], make_user(), NOW)) == at(14, 10)


def test_the_it_list_ranks_danger_then_line_then_easy_access_then_age():
    branch = make_branch()
    kiosk = make_device(branch, kind=make_class(code="kiosk", kind="kiosk", bookable=False), label="K")
    easy = make_device(branch, kind=make_class(code="accessible"), label="12")
    old = make_ticket(branch, tier=3, opened_at=NOW - timedelta(days=3))
    new = make_ticket(branch, tier=3)
    seat = make_ticket(branch, tier=3, device=easy)
    line = make_ticket(branch, tier=3, device=kiosk)
    outage = make_ticket(branch, tier=3, category=make_category("network_outage", tier=3))
    smoke = make_ticket(branch, tier=3, category=make_category("danger", tier=3), opened_at=NOW + timedelta(minutes=1))
    faults = it_list([branch.pk], NOW)
    assert ids(faults) == [smoke.pk, line.pk, outage.pk, seat.pk, old.pk, new.pk]
    assert [f.rank.reason for f in faults] == ["danger", "line_down", "line_down", "easy_access", "oldest", "oldest"]


def test_the_it_list_spans_the_branches_it_is_asked_for():
    here, there, elsewhere = make_branch(), make_branch(), make_branch()
    for branch in (here, there, elsewhere):
        make_ticket(branch, tier=3)
    assert {f.ticket.branch for f in it_list([here.pk, there.pk], NOW)} == {here, there}


def test_the_tabs_count_open_questions_by_level_and_branch():
    here, there = make_branch(), make_branch()
    for tier, branch in [(0, here), (1, here), (2, here), (2, there), (3, there)]:
        make_ticket(branch, tier=tier)
    done(here, tier=2)
    found = counts([here.pk, there.pk])
    assert (found.desk, found.reference, found.it) == ({here.pk: 2}, {here.pk: 1, there.pk: 1}, {there.pk: 1})
    assert (found.desk_total, found.reference_total, found.it_total) == (2, 2, 1)


@pytest.mark.parametrize(
    "read",
    [
        lambda b, u: [(c.ticket.category.label, c.ticket.device.area) for c in reference_queue([b.pk], u, NOW)],
        lambda b, u: [(f.reason, f.ticket.branch.name) for f in it_list([b.pk], NOW, u)],
        lambda b, u: [(c.is_late, c.ticket.owner) for c in reference_queue([b.pk], u, NOW)],
        lambda b, u: counts([b.pk]),
    ],
)
def test_a_list_of_any_length_is_one_query(read, django_assert_num_queries):
    branch, user = make_branch(), make_user()
    for _ in range(ENOUGH):
        for tier in (1, 2, 3):
            make_ticket(branch, tier=tier, device=make_device(branch), state="claimed", owner=user, claimed_at=NOW)
    with django_assert_num_queries(1):
        read(branch, user)


def test_a_question_of_ones_branch_is_found():
    branch = make_branch()
    ticket = make_ticket(branch)
    assert ticket_for(make_user("desk", branch), ticket.pk) == ticket


@pytest.mark.parametrize("ticket_id", [987654321, 10**30])
def test_a_question_that_does_not_exist_is_not_found(ticket_id):
    with pytest.raises(Http404):
        ticket_for(make_user("tech"), ticket_id)


def test_a_question_of_another_branch_is_not_found():
    ticket = make_ticket(make_branch())
    with pytest.raises(Http404):
        ticket_for(make_user("desk", make_branch()), ticket.pk)


def test_a_story_without_events_is_empty():
    assert story(make_ticket(make_branch())) == []
