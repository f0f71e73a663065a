"""The table of moves, row by row."""

import pytest

from helpdesk.actor import SYSTEM, staff
from helpdesk.models import User
from troubleshooting.lifecycle import TicketRefused, allowed
from troubleshooting.lifecycle.moves import MOVES, check
from troubleshooting.models import Ticket

WAITING, CLAIMED, DONE = "waiting", "claimed", "done"
ALLOWED = {
    "claim": {(WAITING, t) for t in range(4)},
    "put_back": {(CLAIMED, t) for t in range(4)},
    "hand_over": {(s, t) for s in (WAITING, CLAIMED) for t in (0, 1)},
    "escalate": {(s, t) for s in (WAITING, CLAIMED) for t in (0, 1, 2)},
    "send_back": {(WAITING, 3), (CLAIMED, 3)},
    "resolve": {(s, t) for s in (WAITING, CLAIMED) for t in range(4)},
    "promise": {(s, t) for s in (WAITING, CLAIMED) for t in (0, 1, 2)},
    "withdraw": {(s, t) for s in (WAITING, CLAIMED) for t in range(4)},
    "reopen": {(DONE, t) for t in range(4)},
    "sort": {(s, t) for s in (WAITING, CLAIMED, DONE) for t in range(4)},
    "take_back": {(DONE, t) for t in range(4)},
    "keep_on": {(CLAIMED, 0), (CLAIMED, 1)},
    "add_note": {(s, t) for s in (WAITING, CLAIMED) for t in range(4)},
    "take_over": {(s, t) for s in (WAITING, CLAIMED) for t in range(4)},
    "split": {(s, t) for s in (WAITING, CLAIMED) for t in range(4)},
    "keep": {(CLAIMED, t) for t in range(4)},
    "hand_on": {(CLAIMED, t) for t in range(4)},
    "park": {(CLAIMED, t) for t in range(4)},
    "answer_step": {(s, t) for s in (WAITING, CLAIMED) for t in range(4)},
}
CODES = {
    ("claim", DONE, 1): "already_done",
    ("put_back", WAITING, 1): "not_claimed",
    ("put_back", DONE, 1): "already_done",
    ("hand_over", WAITING, 2): "already_there",
    ("hand_over", WAITING, 3): "already_there",
    ("escalate", WAITING, 3): "already_there",
    ("escalate", DONE, 1): "already_done",
    ("send_back", WAITING, 2): "not_with_it",
    ("resolve", DONE, 2): "already_done",
    ("withdraw", DONE, 1): "already_done",
    ("reopen", WAITING, 1): "not_done",
    ("take_back", CLAIMED, 1): "not_done",
    ("keep_on", WAITING, 1): "not_claimed",
    ("keep_on", CLAIMED, 2): "already_there",
    ("keep", WAITING, 1): "not_claimed",
    ("hand_on", WAITING, 2): "not_claimed",
    ("park", WAITING, 3): "not_claimed",
    ("split", DONE, 1): "already_done",
    ("answer_step", DONE, 1): "already_done",
}


@pytest.mark.parametrize("verb", MOVES)
def test_a_verb_moves_exactly_what_the_table_says(verb):
    every = {(state, tier) for state in (WAITING, CLAIMED, DONE) for tier in range(4)}
    assert {pair for pair in every if allowed(verb, *pair)} == ALLOWED[verb]


@pytest.mark.parametrize(("verb", "state", "tier"), CODES)
def test_a_refused_move_has_a_code_and_a_sentence(verb, state, tier):
    with pytest.raises(TicketRefused) as refused:
        check(verb, Ticket(pk=7, state=state, tier=tier, outcome="answered" if state == DONE else ""), SYSTEM)
    assert refused.value.code == CODES[verb, state, tier]
    assert str(refused.value.sentence).endswith(".")


@pytest.mark.parametrize("verb", ["put_back", "hand_over", "escalate", "resolve", "split", "park"])
def test_a_question_someone_else_has_is_not_moved(verb):
    with pytest.raises(TicketRefused) as refused:
        check(verb, Ticket(pk=7, state=CLAIMED, tier=1, owner=User(pk=1)), staff(2, "desk"))
    assert refused.value.code == "not_yours"


def test_a_manager_moves_what_someone_else_has():
    check("resolve", Ticket(pk=7, state=CLAIMED, tier=1, owner=User(pk=1)), staff(2, "manager"))


@pytest.mark.parametrize("verb", ["hand_over", "escalate", "send_back", "put_back", "park"])
def test_a_question_that_stopped_moving_names_who_keeps_it(verb):
    owner = User(pk=1, username="harbour-reference")
    with pytest.raises(TicketRefused) as refused:
        check(verb, Ticket(pk=7, state=CLAIMED, tier=1, owner=owner, bounces=2), staff(1, "reference"))
    assert refused.value.code == "stopped"
    assert "It stays with harbour-reference" in str(refused.value.sentence)
