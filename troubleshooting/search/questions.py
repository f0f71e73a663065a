"""Find questions by their words and what they are, newest first; a page goes on after the last number it showed."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from helpdesk import words
from helpdesk.models import User
from troubleshooting.cards import place_of
from troubleshooting.models import Ticket
from troubleshooting.models.ticket import State
from troubleshooting.search.asked import Asked
from troubleshooting.search.marks import marked

PAGE = 20


@dataclass(frozen=True)
class QuestionHit:
    """A question in the list: what people said and what helped, with the found words marked."""

    ticket: Ticket
    title: SafeString
    answer: SafeString
    place: str
    when: str
    url: str

    @property
    def is_open(self) -> bool:
        return self.ticket.state != State.DONE


@dataclass(frozen=True)
class Found:
    """A page of questions; `before` leads to the next page, and is None on the last one."""

    hits: list[QuestionHit]
    before: int | None = None


def find_questions(asked: Asked, user: User, now: datetime) -> Found:
    """Return a page of what `user` may see; one query, and one more where a question is asked for by its number.

    That one comes first. What is found is not counted to the end, which would read all of it.
    """
    if asked.is_empty:
        return Found([])
    shown = ("category", "branch", "owner", "device__device_class")
    tickets = list(_wanted(asked, user).select_related(*shown).order_by("-pk")[: PAGE + 1])
    before = tickets[PAGE - 1].pk if len(tickets) > PAGE else None
    tickets = tickets[:PAGE]
    if asked.number and asked.before is None:
        named = Ticket.objects.visible_to(user).select_related(*shown).filter(pk=asked.number)
        tickets = [*named, *(ticket for ticket in tickets if ticket.pk != asked.number)]
    return Found([_hit(ticket, asked, now) for ticket in tickets], before)


def _wanted(asked: Asked, user: User) -> QuerySet[Ticket]:
    wanted = Ticket.objects.visible_to(user).filter(asked.filters.condition())
    if asked.query:
        wanted = wanted.filter(words=SearchQuery(asked.query, search_type="raw", config="helpdesk"))
    return wanted.filter(pk__lt=asked.before) if asked.before is not None else wanted


def _hit(ticket: Ticket, asked: Asked, now: datetime) -> QuestionHit:
    return QuestionHit(
        ticket=ticket,
        title=marked(ticket.title, asked.terms),
        answer=marked(ticket.answer, asked.terms),
        place=place_of(ticket),
        when=words.moment(ticket.opened_at, now),
        url=reverse("question", args=[ticket.pk]),
    )
