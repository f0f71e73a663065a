"""Two people finish one question at once, over HTTP: one does, the other reads one sentence and keeps the words."""

import pytest
from django.urls import reverse

from tests.factories import NOW, make_branch, make_ticket
from tests.troubleshooting.racing import race
from tests.troubleshooting.staffed import freeze, reference_fields, signed_in, text_of
from troubleshooting.models.category import Tier

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WORDS = "My own words, typed for minutes"
ROUNDS = 3


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    freeze(monkeypatch)


def finish(client, url, sent):
    return lambda: client.post(url, sent)


def at_desk(ticket):
    return reverse("desk-finish", args=[ticket.pk]), {"do": "save", "text": WORDS, "version": ticket.version}


def at_reference(ticket):
    sent = {"outcome": "answered", "answer": WORDS, "version": ticket.version}
    return reverse("reference-done", args=[ticket.pk]), sent


def at_it(ticket):
    return reverse("it-fixed", args=[ticket.pk]), {"answer": WORDS, "version": ticket.version}


@pytest.mark.parametrize(("tier", "form"), [(Tier.DESK, at_desk), (Tier.REFERENCE, at_reference), (Tier.IT, at_it)])
def test_of_two_who_finish_at_once_the_second_reads_who_did_and_keeps_the_words(tier, form):
    branch = make_branch()
    people = [signed_in("manager", username=name) for name in ("first-manager", "second-manager")]
    for _ in range(ROUNDS):
        fields = {"state": "claimed", "owner": people[0][1], "claimed_at": NOW}
        ticket = make_ticket(branch, **reference_fields(tier=tier, **fields))
        url, sent = form(ticket)
        answers = race(*[finish(client, url, sent) for client, _user in people])
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        lost = next(answer for answer in answers if answer.status_code != 302)
        ticket.refresh_from_db()
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        assert f"It was finished by {ticket.owner.username}." in text_of(lost)
        assert WORDS in lost.content.decode()
        assert ticket.events.filter(what="resolved").count() == 1


def test_of_one_who_finishes_and_one_who_passes_it_on_one_does():
    branch = make_branch()
    (first, user), (second, _other) = (signed_in("manager", username=name) for name in ("first", "second"))
    for _ in range(ROUNDS):
        fields = {"state": "claimed", "owner": user, "claimed_at": NOW}
        ticket = make_ticket(branch, **reference_fields(**fields))
        done, sent = at_reference(ticket)
        answers = race(finish(first, done, sent), finish(second, reverse("reference-to-it", args=[ticket.pk]), sent))
        (lost,) = [answer for answer in answers if answer.status_code != 302]
        assert lost.status_code in {409, 422}  # finished meanwhile, or moved on: an old page
        assert WORDS in lost.content.decode()
        assert ticket.events.count() == 1
