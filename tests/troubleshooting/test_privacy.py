"""Words go after ninety days, figures stay."""

from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery

from helpdesk.registry import purges
from tests.factories import NOW, make_branch, make_ticket
from troubleshooting.models import SearchWord, Ticket, TicketEvent
from troubleshooting.privacy import purge_search_words, purge_words

pytestmark = pytest.mark.django_db

NINETY_DAYS = timedelta(days=90)


@pytest.fixture
def ticket():
    ticket = make_ticket(
        make_branch(),
        text="Ann's résumé",
        answer="Template 3",
        part="For Ann",
        state="done",
        done_at=NOW,
        outcome="fixed",
    )
    TicketEvent.objects.create(ticket=ticket, at=NOW, what="handed_over", text="Ann waits", by_kind="staff")
    return ticket


def words(ticket):
    ticket.refresh_from_db()
    return [ticket.text, ticket.answer, ticket.part, *ticket.events.values_list("text", flat=True)]


def test_after_ninety_days_every_word_is_gone(ticket):
    assert purge_words(NOW + NINETY_DAYS, False) == 1
    assert words(ticket) == ["", "", "", ""]


def test_level_kind_and_times_stay(ticket):
    purge_words(NOW + NINETY_DAYS, False)
    ticket.refresh_from_db()
    assert (ticket.tier, ticket.kind, ticket.done_at, ticket.outcome) == (1, "tech_help", NOW, "fixed")


def test_a_moment_earlier_nothing_goes(ticket):
    assert purge_words(NOW + NINETY_DAYS - timedelta(seconds=1), False) == 0
    assert words(ticket)[0] == "Ann's résumé"


def test_a_dry_run_only_counts(ticket):
    assert purge_words(NOW + NINETY_DAYS, True) == 1
    assert words(ticket)[0] == "Ann's résumé"


def test_a_second_run_finds_nothing(ticket):
    purge_words(NOW + NINETY_DAYS, False)
    assert purge_words(NOW + NINETY_DAYS, False) == 0


def test_an_open_question_keeps_its_words():
    ticket = make_ticket(make_branch(), text="Still waiting")
    purge_words(NOW + 10 * NINETY_DAYS, False)
    assert words(ticket)[0] == "Still waiting"


def test_the_promise_is_declared():
    assert "ticket_words" in {entry.key for entry in purges()}


def test_the_words_of_the_search_go_with_the_last_words_of_a_question(ticket):
    SearchWord.objects.create(word="template", tickets=3)
    SearchWord.objects.create(word="printer", tickets=0)
    assert purge_search_words(NOW, False) == 0
    Ticket.objects.filter(pk=ticket.pk).update(text="", answer="")
    assert (purge_search_words(NOW, True), purge_search_words(NOW, False)) == (1, 1)
    assert SearchWord.objects.get().word == "printer"


def test_forgotten_words_are_found_no_more(ticket):
    assert Ticket.objects.filter(words=SearchQuery("template", config="helpdesk")).exists()
    purge_words(NOW + NINETY_DAYS, False)
    assert not Ticket.objects.filter(words=SearchQuery("template", config="helpdesk")).exists()
