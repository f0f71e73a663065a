"""Each level's share of a question, from its story alone."""

from datetime import timedelta

from helpdesk.models import User
from tests.factories import NOW
from troubleshooting.models import TicketEvent
from troubleshooting.shares import shares

MINUTE = timedelta(minutes=1)
DESK, LIBRARIAN, TECH, MANAGER = (User(username=role, role=role) for role in ("desk", "reference", "tech", "manager"))


def event(minute, what, tier, who=None, text=""):
    return TicketEvent(at=NOW + minute * MINUTE, what=what, to_tier=tier, by_user=who, text=text)


STORY = [
    event(0, "logged", 1),
    event(2, "handed_over", 2, DESK, "Tried Firefox"),
    event(5, "claimed", 2, LIBRARIAN),
    event(9, "escalated", 3, LIBRARIAN, "Does not print"),
    event(10, "noted", 3, DESK, "She waits"),
    event(20, "sent_back", 2, TECH, "It prints"),
]


def share_of(tier, until=30):
    return next(share for share in shares(STORY, NOW + until * MINUTE) if share.tier == tier)


def test_it_lay_at_each_level_until_it_went_to_the_next():
    assert [(share.tier, share.minutes) for share in shares(STORY, NOW + 30 * MINUTE)] == [(1, 2), (2, 17), (3, 11)]


def test_who_did_something_counts_for_their_own_level():
    assert (share_of(1).people, share_of(2).people, share_of(3).people) == (["desk"], ["reference"], ["tech"])


def test_words_for_the_others_are_notes():
    assert (share_of(1).notes, share_of(2).notes, share_of(3).notes) == (2, 1, 1)


def test_a_manager_counts_for_the_level_it_lay_at():
    assert shares([event(0, "claimed", 2, MANAGER)], NOW)[0].people == ["manager"]


def test_self_help_is_the_desks():
    assert [share.tier for share in shares([event(0, "logged", 0)], NOW)] == [1]
