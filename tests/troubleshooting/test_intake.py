"""Log a question."""

from uuid import uuid4

import pytest

from helpdesk.actor import patron, staff
from tests.factories import NOW, at, make_branch, make_category, make_device, make_kiosk, make_user
from troubleshooting.lifecycle import TicketRefused, escalate, log
from troubleshooting.models import Handoff, Ticket

pytestmark = pytest.mark.django_db

BY = staff(None, "desk")


def logged(branch=None, **fields):
    make_category("other")
    branch = branch or make_branch()
    return log(
        **{"branch_id": branch.pk, "text": "Printer eats paper", "request_key": uuid4(), "by": BY, "now": NOW, **fields}
    )


def refused(**fields):
    with pytest.raises(TicketRefused) as error:
        logged(**fields)
    return error.value


def test_the_category_gives_the_defaults():
    make_category("job_resume", tier=2, kind="reference", read_level=3, counts_as_reference=True)
    ticket = logged(category="job_resume")
    assert (ticket.tier, ticket.kind, ticket.read_level, ticket.counts_as_reference) == (2, "reference", 3, True)


def test_what_is_given_beats_the_category():
    make_category("job_resume", tier=2, read_level=3, counts_as_reference=True)
    ticket = logged(category="job_resume", tier=1, kind="directional", read_level=1, counts_as_reference=False)
    assert (ticket.tier, ticket.kind, ticket.read_level, ticket.counts_as_reference) == (1, "directional", 1, False)


def test_a_question_without_category_is_something_else():
    assert logged().category.code == "other"


def test_a_desk_question_waits_without_a_handoff():
    ticket = logged()
    assert (ticket.state, ticket.promised_at, ticket.handoffs.count()) == ("waiting", at(14, 12), 0)


def test_a_reference_question_is_passed_on_in_the_same_breath():
    make_category("research", tier=2, promise_minutes=60)
    ticket = logged(category="research")
    assert [(h.step, h.to_tier) for h in ticket.handoffs.all()] == [(1, 2)]
    assert ticket.promised_at == at(15, 7)


def test_a_solved_question_is_done_at_the_desk_and_passed_to_nobody():
    make_category("research", tier=2)
    ticket = logged(category="research", solved=True, answer="Shelf 929")
    assert (ticket.state, ticket.tier, ticket.done_at, ticket.answer) == ("done", 1, NOW, "Shelf 929")
    assert not Handoff.objects.exists()


def test_its_story_begins():
    kiosk = make_kiosk(make_branch())
    ticket = logged(channel="kiosk", by=patron(kiosk.pk))
    event = ticket.events.get()
    assert (event.what, event.to_tier, event.by_kind, event.by_kiosk) == ("logged", 1, "patron", kiosk)


def test_the_same_request_logs_once():
    make_category("research", tier=2)
    branch, key = make_branch(), uuid4()
    first = logged(branch, category="research", request_key=key)
    again = logged(branch, category="research", request_key=key)
    assert again.pk == first.pk
    assert (Ticket.objects.count(), Handoff.objects.count(), first.events.count()) == (1, 1, 1)


def test_the_same_request_finds_its_question_after_that_went_on():
    branch, key = make_branch(), uuid4()
    first = logged(branch, request_key=key)
    escalate(ticket_id=first.pk, by=BY, now=NOW)
    assert logged(branch, request_key=key).pk == first.pk


@pytest.mark.parametrize("other", [{"text": "Another"}, {"tier": 2}, {"solved": True}, {"category": "pdf"}])
def test_a_used_key_does_not_save_another_question(other):
    make_category("pdf")
    branch, key = make_branch(), uuid4()
    first = logged(branch, request_key=key)
    error = refused(branch=branch, request_key=key, **other)
    assert (error.code, Ticket.objects.count()) == ("already_used", 1)
    assert f"question {first.pk}." in error.sentence


def test_a_used_key_does_not_save_at_another_branch():
    key = uuid4()
    logged(request_key=key)
    assert refused(request_key=key).code == "already_used"


def test_markup_stays_plain_text():
    assert logged(text="<script>alert(1)</script>").text == "<script>alert(1)</script>"


def test_control_characters_go_and_line_breaks_stay():
    assert logged(text="  one\r\ntwo\x00\x1b[31m\tthree\u009f 👩‍🦯 \ud800").text == "one\ntwo[31m three 👩‍🦯"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("pa\u200bper\ufeff jam\u2060", "paper jam"),
        ("\u200fשלום\u200f עולם\u200e", "שלום\u200f עולם"),
        ("می\u200cخواهم \u200c", "می\u200cخواهم"),
    ],
)
def test_characters_that_nobody_sees_go_and_those_that_shape_words_stay(typed, kept):
    assert logged(text=typed).text == kept


@pytest.mark.parametrize("text", ["\u200b\u200d", "\u2060 \ufeff", "\u200e\u200f", "\u2800\u3164", "\ufe0f"])
def test_a_text_with_nothing_to_see_is_empty(text):
    assert refused(text=text).code == "empty"


def test_a_text_of_the_limit_fits():
    assert len(logged(text="x" * 2000).text) == 2000


def test_a_longer_text_is_refused_with_both_numbers():
    error = refused(text="x" * 10_000)
    assert error.code == "text_too_long"
    assert "10000" in error.sentence
    assert "2000" in error.sentence


def test_a_long_answer_is_refused_too():
    assert refused(answer="x" * 2001, solved=True).code == "text_too_long"


def test_nothing_said_and_nothing_chosen_is_refused():
    assert refused(text=" \n\x00 ").code == "empty"


def test_a_category_alone_is_enough():
    make_category("pdf")
    assert logged(text="", category="pdf").title == "pdf"


@pytest.mark.parametrize(
    "wrong", [{"tier": 4}, {"kind": "gossip"}, {"channel": "pigeon"}, {"duration": "ages"}, {"read_level": 7}]
)
def test_a_choice_that_is_none_is_refused(wrong):
    assert refused(**wrong).code == "unknown_choice"


def test_an_unknown_category_is_refused():
    assert refused(category="weather").code == "unknown_category"


def test_a_device_of_the_branch_is_kept():
    branch = make_branch()
    device = make_device(branch)
    assert logged(branch, device_id=device.pk).device == device


def test_a_device_of_another_branch_is_refused():
    assert refused(device_id=make_device(make_branch()).pk).code == "wrong_device"


def test_a_retired_device_is_refused():
    branch = make_branch()
    assert refused(branch=branch, device_id=make_device(branch, retired_on=NOW.date()).pk).code == "wrong_device"


def test_a_device_that_does_not_exist_is_refused():
    assert refused(device_id=987654321).code == "wrong_device"


def test_a_refused_question_leaves_nothing():
    refused(device_id=987654321)
    assert not Ticket.objects.exists()


def test_logging_stays_within_twelve_queries(django_assert_max_num_queries):
    make_category("display", tier=3, hardware=False)
    branch, user = make_branch(), make_user("desk")
    device = make_device(branch)
    with django_assert_max_num_queries(14):  # SAVEPOINT and RELEASE among them
        logged_by(branch, user, device)


def logged_by(branch, user, device):
    return log(
        branch_id=branch.pk,
        text="Dark",
        category="display",
        device_id=device.pk,
        request_key=uuid4(),
        by=staff(user.pk, "desk"),
        now=NOW,
    )
