"""The story of a question that is two: "the printer to IT, the citation to me"."""

from datetime import timedelta
from uuid import uuid4

import pytest

from helpdesk.actor import patron, staff
from tests import factories as make
from tests.factories import NOW, at, make_branch, make_category, make_device, make_ticket, make_user
from troubleshooting.lifecycle import TicketRefused, claim, log, resolve, split, withdraw_all
from troubleshooting.models import Ticket
from troubleshooting.promise import reached_today
from troubleshooting.telling import halves, told
from troubleshooting.worklist import story

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def librarian(branch):
    return make_user("reference", branch)


@pytest.fixture(autouse=True)
def _categories():
    make_category("printing", tier=3)
    make_category("citation", tier=2, kind="reference", counts_as_reference=True, promise_minutes=60)


def by(user):
    return staff(user.pk, user.role)


@pytest.fixture
def asked(branch, librarian):
    """Somebody at a seat needs a citation printed, and the librarian has the question."""
    ticket = make_ticket(
        branch,
        category=make_category("citation", tier=2, kind="reference", counts_as_reference=True, promise_minutes=60),
        device=make_device(branch),
        text="How do I cite this, and why does it not print?",
        promised_at=at(14, 20),
        counts_as_reference=True,
        step=1,
    )
    return claim(ticket_id=ticket.pk, by=by(librarian), now=NOW + MINUTE)


def in_two(ticket, user, **options):
    words = {"keeps": "The citation", "other": "The printer", "category": "printing", "request_key": uuid4()}
    return split(**{"ticket_id": ticket.pk, "by": by(user), "now": NOW + 2 * MINUTE, **words, **options})


def test_the_citation_stays_with_the_librarian_who_has_it(asked, librarian):
    in_two(asked, librarian)
    asked.refresh_from_db()
    assert (asked.tier, asked.owner, asked.part) == (2, librarian, "The citation")


def test_the_printer_goes_to_it_with_a_promise_and_an_outbox_row_of_its_own(asked, librarian):
    half = in_two(asked, librarian)
    assert (half.tier, half.state, half.part, half.kind) == (3, "waiting", "The printer", "tech_help")
    assert half.promised_at == at(14, 14)
    assert [(row.step, row.to_tier) for row in half.handoffs.all()] == [(1, 3)]


def test_both_halves_are_about_the_same_seat_and_know_each_other(asked, librarian):
    half = in_two(asked, librarian)
    assert (half.device, half.branch, half.split_from) == (asked.device, asked.branch, asked)
    assert halves(asked) == halves(half) == [asked, half]


def test_both_halves_begin_with_the_same_story(branch, librarian):
    ticket = log(
        branch_id=branch.pk, text="Cite and print", category="citation", request_key=uuid4(), by=by(librarian), now=NOW
    )
    half = in_two(ticket, librarian)
    assert [event.what for event in story(half)] == ["logged", "split", "split_off"]
    resolve(ticket_id=ticket.pk, outcome="answered", by=by(librarian), now=at(15))
    assert [event.what for event in story(half)] == ["logged", "split", "split_off"]


def test_the_patron_is_told_one_story(asked, librarian):
    in_two(asked, librarian)
    said = told(halves(asked), NOW + 2 * MINUTE)
    assert said == "The citation: a librarian works on it. The printer: IT looks at it by 14:14."


def test_the_story_goes_on_as_the_halves_do(asked, librarian):
    half = in_two(asked, librarian)
    resolve(ticket_id=half.pk, outcome="fixed", by=by(make_user("tech")), now=at(14, 12))
    assert told(halves(asked), at(14, 12)) == "The citation: a librarian works on it. The printer: done."


def test_a_half_for_a_librarian_says_when_one_comes(asked, librarian):
    half = in_two(asked, librarian, keeps="The printer", other="The citation", category="citation")
    assert told([half], NOW) == "The citation: a librarian comes by 15:09."
    assert told([half], at(15, 10)) == "The citation: a librarian comes as soon as one is free."


def test_the_machine_of_the_other_half_can_be_another_one(asked, branch, librarian):
    printer = make_device(branch)
    assert in_two(asked, librarian, device_id=printer.pk).device == printer


def test_a_machine_of_another_branch_splits_nothing(asked, librarian):
    with pytest.raises(TicketRefused) as refused:
        in_two(asked, librarian, device_id=make_device(make_branch()).pk)
    assert refused.value.code == "wrong_device"
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(("words", "code"), [({"keeps": ""}, "no_part"), ({"other": " "}, "no_part")])
def test_each_half_needs_a_few_words(asked, librarian, words, code):
    with pytest.raises(TicketRefused) as refused:
        in_two(asked, librarian, **words)
    assert refused.value.code == code


def test_words_that_are_too_long_split_nothing(asked, librarian):
    with pytest.raises(TicketRefused) as refused:
        in_two(asked, librarian, other="x" * 81)
    assert refused.value.code == "part_too_long"
    assert Ticket.objects.count() == 1


def test_a_double_click_splits_once(asked, librarian):
    key, version = uuid4(), asked.version
    first, again = (in_two(asked, librarian, request_key=key, version=version) for _ in range(2))
    assert first == again
    assert Ticket.objects.count() == 2


def test_a_key_of_another_question_splits_nothing(asked, branch, librarian):
    with pytest.raises(TicketRefused) as refused:
        in_two(asked, librarian, request_key=make_ticket(branch).request_key)
    assert refused.value.code == "already_used"


def test_a_page_that_shows_an_older_state_splits_nothing(asked, librarian):
    with pytest.raises(TicketRefused) as refused:
        in_two(asked, librarian, version=0)
    assert refused.value.code == "stale"


def test_a_half_can_be_split_again_and_all_three_are_one_story(asked, librarian):
    half = in_two(asked, librarian)
    third = in_two(half, librarian, keeps="", other="The scan", category="citation")
    assert halves(third) == [asked, half, third]


def test_the_question_counts_as_one_reference_transaction(asked, librarian):
    half = in_two(asked, librarian, category="citation", other="The title page")
    assert not half.counts_as_reference
    for each in (asked, half):
        who = by(make_user("manager"))
        resolve(ticket_id=each.pk, outcome="answered", counts_as_reference=True, by=who, now=at(15))
    assert Ticket.objects.filter(counts_as_reference=True).count() == 1


def test_what_was_withdrawn_leaves_the_count_to_the_other_half(asked, librarian):
    half = in_two(asked, librarian, category="citation", other="The title page", tier=2)
    Ticket.objects.filter(pk=asked.pk).update(state="done", done_at=at(15), outcome="withdrawn")
    ticket = resolve(ticket_id=half.pk, outcome="answered", counts_as_reference=True, by=by(librarian), now=at(15))
    assert ticket.counts_as_reference


def test_each_half_has_its_own_promise_in_the_measure(asked, branch, librarian):
    half = in_two(asked, librarian, category="citation", other="The title page")
    claim(ticket_id=half.pk, by=by(librarian), now=NOW + 5 * MINUTE)
    reached = reached_today(branch.pk, [2], at(16))
    assert (reached.counted, reached.kept, reached.minutes) == (2, 2, 2)


def test_the_help_clock_runs_until_nobody_has_to_come_to_the_seat_any_more(branch, librarian):
    seat = make_device(branch)
    session = make.make_booking(seat, at(14), at(15), checked_in_at=at(14))
    asked = {"branch_id": branch.pk, "device_id": seat.pk, "text": "Cite and print", "category": "citation"}
    ticket = log(request_key=uuid4(), by=patron(), now=NOW, **asked)
    printer = in_two(ticket, librarian)
    scan = in_two(ticket, librarian, other="The scan", category="citation")
    resolve(ticket_id=ticket.pk, outcome="answered", by=by(librarian), now=NOW + 3 * MINUTE)
    session.refresh_from_db()
    assert session.help_at == NOW
    resolve(ticket_id=scan.pk, outcome="answered", by=by(librarian), now=NOW + 4 * MINUTE)
    session.refresh_from_db()
    printer.refresh_from_db()
    assert (session.help_at, printer.state) == (None, "waiting")


def test_the_patron_needs_nobody_any_more_and_only_it_goes_on(asked, librarian):
    printer = in_two(asked, librarian)
    scan = in_two(asked, librarian, other="The scan", category="citation")
    withdraw_all(ticket_id=asked.pk, by=patron(), now=at(15))
    for each in (asked, printer, scan):
        each.refresh_from_db()
    assert [t.state for t in (asked, printer, scan)] == ["done", "waiting", "done"]
