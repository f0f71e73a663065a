"""The solved questions most like a line: by the words that they share, a rare word counting more than a usual one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, FloatField, Value, When

from helpdesk.models import User
from troubleshooting.models import Ticket
from troubleshooting.models.ticket import Outcome, State
from troubleshooting.search.spelling import Term, look_up
from troubleshooting.search.words import typed

NEWEST = 5_000  # questions that are looked through: the time it takes does not grow with the library's past
SHOWN = 3
READ = 12  # of the best; the same words said twice are shown once
WORDS = 20  # of a line
TELLING = 5  # of them that are compared: the rarest
LEAST = 0.4  # share of the weight of these words that a question must have
SOLVED = (Outcome.ANSWERED, Outcome.FIXED)


@dataclass(frozen=True)
class Similar:
    """A solved question: its number, what was said, what helped."""

    number: int
    text: str
    answer: str


def similar(text: str, user: User) -> list[Similar]:
    """Return up to three solved questions of the branches `user` sees, the most similar first; three queries."""
    terms = _telling(look_up(typed(text, most=WORDS), bend=False))
    newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() if terms else None
    if newest is None:
        return []
    weights = {term.query: _weight(term) for term in terms}
    score = sum((_scored(query, weight) for query, weight in weights.items()), start=Value(0.0))
    rows = (
        Ticket.objects.visible_to(user)
        .filter(pk__gt=newest - NEWEST, state=State.DONE, outcome__in=SOLVED)
        .exclude(answer="")
        .filter(words=_asked(" | ".join(weights)))
        .annotate(score=score)
        .filter(score__gte=LEAST * sum(weights.values()))
        .order_by("-score", "-pk")
        .values_list("pk", "text", "answer")
    )
    by_words = {said.casefold(): Similar(pk, said, answer) for pk, said, answer in reversed(rows[:READ])}
    return list(reversed(by_words.values()))[:SHOWN]


def _telling(terms: Sequence[Term]) -> list[Term]:
    """Return the rarest words of a line; one that no question is known to hold comes last."""
    known = [term for term in terms if not term.small]
    return sorted(known, key=lambda term: (not term.tickets, term.tickets or 0))[:TELLING]


def _weight(term: Term) -> float:
    return 1 / math.log(3 + (term.tickets or 0))


def _asked(query: str) -> SearchQuery:
    return SearchQuery(query, search_type="raw", config="helpdesk")


def _scored(query: str, weight: float) -> Case:
    return Case(When(words=_asked(query), then=Value(weight)), default=Value(0.0), output_field=FloatField())
