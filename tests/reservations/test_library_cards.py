"""Signing in where the library system knows the cards: right, wrong, denied, and away."""

import logging
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, connections, transaction

from helpdesk.actor import staff
from reservations.booking.at_desk import NOW as NOW_WISH
from reservations.booking.at_desk import Wish, book_for
from reservations.desk_times import Wanted
from reservations.models import Branch, Patron, SignInTry, SourceState
from reservations.models.cards import LookupWhy
from reservations.patrons.door import sign_in
from reservations.patrons.keys import away_key, card_key
from reservations.patrons.library import LibraryCards
from reservations.patrons.lookup import look_up
from reservations.patrons.passes import issue_guest_pass
from reservations.rules import Refused
from reservations.sip2 import breaker
from tests import factories as make
from tests.factories import NOW, at
from tests.racing import race
from tests.reservations.sip2.servers import CARD, NAME, PIN, echo, information, scripted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kiosk():
    return make.make_kiosk(make.make_branch())


@pytest.fixture
def library(settings):
    """Return how to run a library system with given steps; its settings are those of the product meanwhile."""
    running = []

    def run(**steps):
        context = scripted(**steps)
        server, settings.LIBRARY_SYSTEM = context.__enter__()
        settings.PATRON_SOURCE = "sip2"
        running.append(context)
        return server

    yield run
    for context in running:
        context.__exit__(None, None, None)


def come(kiosk, number=CARD, pin=PIN, now=NOW):
    return sign_in(number=number, pin=pin, kiosk=kiosk, now=now)


def refusal(*args, **kwargs):
    with pytest.raises(Refused) as refused:
        come(*args, **kwargs)
    return refused.value.problems[0]


def at_desk(number=CARD, now=NOW):
    branch = Branch.objects.first() or make.make_branch()
    by = staff(make.make_user().pk, "desk")
    return look_up(number=number, why=LookupWhy.ASK, branch_id=branch.pk, by=by, now=now)


def away(now=NOW):
    for _time in range(3):
        breaker.failed(reason="timeout", now=now)


def test_the_right_pin_makes_a_patron_without_name_number_and_pin(kiosk, library):
    library(m63=echo(information(more="PB20130630|BD1 Sample Street|")))
    patron = come(kiosk)
    assert (patron.source, patron.alias, patron.key) == ("sip2", "017", card_key(CARD))
    stored = str([*Patron.objects.values(), *SourceState.objects.values()])
    assert not any(secret in stored for secret in (CARD, f"'{PIN}'", "Sample", "20130630"))


def test_a_number_typed_with_blanks_and_dashes_is_sent_without(kiosk, library):
    server = library()
    come(kiosk, "2999-0000 000017")
    assert f"AA{CARD}|".encode() in server.seen[2]


def test_an_unknown_card_and_a_wrong_pin_get_the_same_answer_and_are_counted(kiosk, library):
    library(m63=[echo(information(cq="CQN|")), echo(information(bl="BLN|", cq="")), echo(information(cq=""))])
    problems = [refusal(kiosk) for _each in range(3)]
    assert {(problem.code, str(problem.sentence)) for problem in problems} == {
        ("wrong", "This number and PIN do not go together. Check both, or ask at the desk.")
    }
    assert SignInTry.objects.count() == 3


def test_an_empty_pin_is_refused_before_the_library_system_hears_of_it(kiosk, library):
    server = library()
    assert refusal(kiosk, pin="").code == "wrong"
    assert LibraryCards().identify(CARD, "", NOW) is None
    assert server.seen == []


@pytest.mark.parametrize(("number", "pin"), [(f"{CARD}|ADx", PIN), (CARD, "2468|"), (CARD, "24\r63"), (CARD, "\ud800")])
def test_what_cannot_be_sent_as_it_was_typed_is_wrong_and_not_sent(kiosk, library, number, pin):
    server = library()
    assert refusal(kiosk, number, pin).code == "wrong"
    assert server.seen == []


def test_a_lost_card_gets_a_neutral_sentence_and_staff_the_reason(kiosk, library):
    library(m63=echo(information("    Y" + " " * 9)))
    problem = refusal(kiosk)
    assert (problem.code, problem.value) == ("card_denied", "flag_lost (the card is reported lost)")
    assert "lost" not in str(problem.sentence)
    assert not SignInTry.objects.exists()


def test_a_right_pin_forgets_the_wrong_tries_of_its_card(kiosk, library):
    library(m63=[echo(information(cq="CQN|")), echo(information())])
    refusal(kiosk)
    come(kiosk)
    assert not SignInTry.objects.exists()


def test_five_wrong_tries_a_card_and_the_sixth_is_not_even_asked(kiosk, library):
    server = library(m63=echo(information(cq="CQN|")))
    for minute in range(5):
        refusal(kiosk, now=at(14, minute))
    assert refusal(kiosk, now=at(14, 5)).code == "throttled"
    assert server.codes.count(b"63") == 5


@pytest.mark.race
def test_eight_at_once_cannot_slip_past_the_count_while_the_library_system_thinks(kiosk, library):
    def wrong(request):
        return echo(information(cq="CQN|"))(request)

    other = make.make_kiosk(kiosk.branch, "other")
    server = library(m63=wrong)
    runners = [partial(come, kiosk if each % 2 else other) for each in range(8)]
    assert race(*runners) == {"refused:wrong": 5, "refused:throttled": 3}
    assert server.codes.count(b"63") == 5


def test_no_transaction_is_open_and_no_row_is_locked_while_the_library_system_thinks(kiosk, library):
    found = []

    def look(request):
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
                )
                found.append(cursor.fetchone()[0])
        finally:
            connections["default"].close()
        return echo(information())(request)

    library(m63=look)
    come(kiosk)
    at_desk()
    assert found == [0, 0]
    assert connection.get_autocommit()


def test_a_question_inside_a_transaction_is_a_mistake_of_ours(library):
    server = library()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        LibraryCards().shown(CARD, NOW)
    assert server.connections == 0


def test_a_library_system_that_is_away_is_not_a_wrong_pin_and_counts_no_try(kiosk, library):
    library(m99=b"CLOSE")
    kiosk.branch.policy.when_away = "staff"
    assert refusal(kiosk).code == "library_away"
    assert not SignInTry.objects.exists()
    assert SourceState.objects.get().failures == 1


def test_while_the_breaker_is_open_nobody_waits(kiosk, library):
    server = library()
    away()
    assert come(kiosk).source == "away"
    assert server.connections == 0


def test_after_the_rest_the_library_system_is_asked_again(kiosk, library):
    library()
    away()
    assert come(kiosk, now=NOW + timedelta(seconds=31)).source == "sip2"
    assert SourceState.objects.get().failures == 0


@pytest.mark.parametrize(("when_away", "said"), [("guests", "Guest numbers work."), ("staff", "Ask at the desk.")])
def test_the_policy_may_let_no_card_in(kiosk, library, when_away, said):
    library()
    away()
    kiosk.branch.policy.when_away = when_away
    problem = refusal(kiosk)
    assert problem.code == "library_away"
    assert said in str(problem.sentence)


def test_on_trust_a_number_of_a_cards_shape_is_enough_and_others_are_not(kiosk, library):
    library()
    away()
    patron = come(kiosk)
    assert (patron.source, patron.key, patron.alias) == ("away", away_key(CARD), "017")
    assert refusal(kiosk, "hello").code == "library_away"


def test_a_number_on_trust_opens_nothing_that_belongs_to_the_card(kiosk, library):
    library()
    proven = come(kiosk)
    away()
    assert come(kiosk) != proven


def test_what_is_held_against_a_card_holds_on_trust_too(kiosk, library):
    library()
    proven = come(kiosk)
    Patron.objects.filter(pk=proven.pk).update(blocked_until=at(23), age_band="child")
    away()
    trusted = come(kiosk)
    assert (trusted.blocked_until, trusted.age_band) == (at(23), "child")


def test_a_guest_pass_needs_no_library_system(kiosk, library):
    server = library()
    away()
    issued = issue_guest_pass(
        branch=kiosk.branch, request_key=make.uuid.uuid4(), by=staff(make.make_user().pk, "desk"), now=NOW
    )
    assert come(kiosk, issued.code, "").is_guest
    assert at_desk(issued.code).patron.is_guest
    assert server.connections == 0


def test_the_desk_looks_a_card_up_without_a_pin(library):
    server = library(m63=echo(information(cq="")))
    assert at_desk().patron.key == card_key(CARD)
    assert b"|AD" not in server.seen[2]


def test_the_desk_is_told_what_stands_against_a_card(library):
    library(m63=echo(information("    Y" + " " * 9)))
    assert [problem.value for problem in at_desk().problems] == ["flag_lost (the card is reported lost)"]


def test_staff_lift_what_stands_against_a_card_with_a_reason_and_the_story_keeps_it(kiosk, library):
    library(m63=echo(information("    Y" + " " * 9)))
    make.make_device(kiosk.branch)
    by = staff(make.make_user().pk, "desk")
    asked = {"branch_id": kiosk.branch_id, "found": at_desk(), "wish": Wish(NOW_WISH, Wanted()), "by": by, "now": NOW}
    with pytest.raises(Refused, match="card_denied"):
        book_for(**asked, request_key=make.uuid.uuid4())
    booked = book_for(**asked, request_key=make.uuid.uuid4(), override="Found the card again")
    assert booked.booking.events.get(what="overridden").detail["codes"] == ["card_denied"]


def test_the_desk_is_told_that_a_card_is_unknown(library):
    library(m63=echo(information(bl="BLN|")))
    with pytest.raises(Refused, match="unknown_number"):
        at_desk()


def test_no_secret_and_no_person_stands_in_the_log_of_a_sign_in(kiosk, library, caplog):
    caplog.set_level(logging.DEBUG)
    library(m63=[echo(information(more="BD1 Sample Street|")), b"64 Sample 2468 cut\r", echo(information(cq="CQN|"))])
    for _each in range(3):
        try:
            come(kiosk)
        except Refused:
            continue
    assert "reservations.sip2" in {record.name.rpartition(".")[0] for record in caplog.records}
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    for secret in (PIN, CARD, NAME, "Sample", "co-secret"):
        assert secret not in ours, secret
