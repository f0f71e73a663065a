"""The same for several questions at once: each by its own verb in its own transaction, so that none stops another."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk.actor import Actor
from helpdesk.models import Role, User
from troubleshooting import lifecycle
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Outcome
from troubleshooting.refusals import check_here

MOST = 50  # questions at once
SURE = 10  # more are asked about first
REASONS = 3  # that a message names
UNDO_SECONDS = 600
SALT = "troubleshooting.bulk"
ALL = "page"  # the value of `ticked` that ticks the whole page
TAKE, REFERENCE, IT, ANSWERED, DUPLICATE, CATEGORY = "take", "reference", "it", "answered", "duplicate", "category"
VERBS: dict[str, Promise] = {
    TAKE: gettext_lazy("Take"),
    REFERENCE: gettext_lazy("To reference"),
    IT: gettext_lazy("To IT"),
    ANSWERED: gettext_lazy("Answered"),
    DUPLICATE: gettext_lazy("Asked twice: withdraw"),
    CATEGORY: gettext_lazy("Change what it is about"),
}
REACHED: dict[str, frozenset[int]] = {
    Role.DESK: frozenset({Tier.SELF_HELP, Tier.DESK}),
    Role.REFERENCE: frozenset({Tier.SELF_HELP, Tier.DESK, Tier.REFERENCE}),
    Role.TECH: frozenset({Tier.IT}),
    Role.MANAGER: frozenset(Tier),
}


class Chosen(NamedTuple):
    """A question that was ticked, in the version that the page showed."""

    pk: int
    version: int


@dataclass
class Result:
    """What came of it: the questions that were moved, with what an undo must know, and why the others were not."""

    done: list[tuple[int, str]] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """Return "7 done, 1 not: 118: desk-harbour has it already."."""
        many = len(self.done)
        done = ngettext("%(many)d done", "%(many)d done", many) % {"many": many}
        if not self.refused:
            return f"{done}."
        reasons = " ".join(f"{number}: {sentence}" for number, sentence in list(self.refused.items())[:REASONS])
        more = len(self.refused) - REASONS
        rest = ngettext("And %(many)d more.", "And %(many)d more.", more) % {"many": more} if more > 0 else ""
        words = {"done": done, "many": len(self.refused), "why": f"{reasons} {rest}".strip()}
        return _("%(done)s, %(many)d not: %(why)s") % words


def chosen_of(values: Iterable[str]) -> list[Chosen]:
    """Return what the tick boxes say, "118:3" each, every question once; what cannot be read is left out."""
    found: dict[int, Chosen] = {}
    for value in values:
        number, _colon, version = value.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 16 for part in (number, version)):
            found.setdefault(int(number), Chosen(int(number), int(version)))
    return list(found.values())


@dataclass(frozen=True)
class Ticked:
    """The numbers that are ticked when a list is shown: those of which nothing came, or the whole page."""

    numbers: frozenset[int] = frozenset()
    everything: bool = False

    def __contains__(self, number: int) -> bool:
        return self.everything or number in self.numbers

    def __bool__(self) -> bool:
        return self.everything or bool(self.numbers)


NOTHING = Ticked()


def ticked_in(sent: Mapping[str, str]) -> Ticked:
    """Return what an address says is ticked: numbers, or "page"."""
    said = sent.get("ticked", "")
    numbers = (int(part) for part in said.split(",") if part.isascii() and part.isdigit() and len(part) < 16)
    return Ticked(frozenset(numbers), said == ALL)


def run(*, what: str, chosen: list[Chosen], user: User, by: Actor, now: datetime, category: str = "") -> Result:
    """Do `what` to each of the chosen questions that `user` may see and move; the others are told why not."""
    rows = Ticket.objects.visible_to(user).select_related("category").in_bulk([each.pk for each in chosen])
    result = Result()
    for each in chosen:
        ticket = rows.get(each.pk)
        if ticket is None:
            result.refused[each.pk] = _("There is no such question.")
            continue
        try:
            check_here(ticket, REACHED[user.role])
            _do(what, each, ticket.answer, category, by, now)
        except TicketRefused as refused:
            result.refused[each.pk] = refused.sentence
        else:
            result.done.append((each.pk, ticket.category.code))
    return result


def undo_token(what: str, result: Result, user: User) -> str:
    """Return what an undo needs, signed; '' where the verb has no way back."""
    return (
        signing.dumps([what, result.done, user.pk], salt=SALT, compress=True) if what in _BACK and result.done else ""
    )


def undo(*, token: str, user: User, by: Actor, now: datetime) -> Result:
    """Take back what `token` tells, question by question; return what came of it.

    Raises TicketRefused "nothing_to_undo" for another's token, one of more than ten minutes, or none.
    """
    try:
        what, done, user_id = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        what, done, user_id = "", [], None
    if user_id != user.pk:
        raise TicketRefused("nothing_to_undo", _("There is nothing to take back from the last ten minutes."))
    result = Result()
    for number, category in done:
        try:
            _BACK[what](ticket_id=number, category=category, by=by, now=now)
        except TicketRefused as refused:
            result.refused[number] = refused.sentence
        else:
            result.done.append((number, category))
    return result


def _do(what: str, each: Chosen, answer: str, category: str, by: Actor, now: datetime) -> None:
    who: dict[str, Any] = {"ticket_id": each.pk, "by": by, "now": now}
    if what == TAKE:
        lifecycle.claim(**who)
    elif what == REFERENCE:
        lifecycle.hand_over(version=each.version, **who)
    elif what == IT:
        lifecycle.escalate(version=each.version, **who)
    elif what == ANSWERED:
        lifecycle.resolve(outcome=Outcome.ANSWERED, answer=answer, version=each.version, **who)
    elif what == DUPLICATE:
        lifecycle.withdraw(version=each.version, **who)
    else:
        lifecycle.sort(category=category, version=each.version, **who)


def _put_back(*, category: str, **who: Any) -> Ticket:
    return lifecycle.put_back(**who)


def _reopen(*, category: str, **who: Any) -> Ticket:
    return lifecycle.reopen(**who)


_BACK: dict[str, Callable[..., Ticket]] = {TAKE: _put_back, ANSWERED: _reopen, CATEGORY: lifecycle.sort}
