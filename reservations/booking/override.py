"""Staff lift rules with a recorded reason; what nobody can lift stays refused."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.actor import Actor
from helpdesk.models import Role
from helpdesk.personal import identifies
from reservations.booking.events import event, turn_event
from reservations.models import Booking, Turn
from reservations.rules.problem import Problem, Refused

REASON_NEEDED = Problem(
    "reason_needed", _("Say why, in a few words: three letters at the least."), _("Reason"), lift_by=""
)
REASON_PERSONAL = Problem(
    "reason_personal",
    _("Leave out names and numbers of cards: this stays in the booking's story."),
    _("Reason"),
    lift_by="",
)
OF_THE_REASON = frozenset({REASON_NEEDED.code, REASON_PERSONAL.code, "bad_override"})  # not of what was asked for
SHORTEST_REASON = 3  # characters: a single letter tells nobody why
LIFTS = {"desk": frozenset({Role.DESK, Role.REFERENCE, Role.MANAGER}), "manager": frozenset({Role.MANAGER})}


def may_lift(problem: Problem, by: Actor) -> bool:
    """Return whether `by` may override `problem`: staff of a role that its `lift_by` names."""
    return by.kind == "staff" and by.role in LIFTS.get(problem.lift_by, ())


def check(problems: Sequence[Problem], *, by: Actor, override: str = "") -> list[str]:
    """Return the codes of the problems that `override`, a reason, lifts; none where there is no problem.

    Raises Refused with all problems unless `by` may lift every one of them with a reason that `reason_given` takes;
    what it says of another reason comes last, so that the rules can be shown again beside it.
    """
    if not problems:
        return []
    if not override or not all(may_lift(problem, by) for problem in problems):
        raise Refused(*problems)
    try:
        reason_given(override)
    except Refused as unfit:
        raise Refused(*problems, *unfit.problems) from None
    return [problem.code for problem in problems]


def record(row: Booking, lifted: Sequence[str], *, override: str, by: Actor, now: datetime) -> None:
    """Write into the row's story which rules were lifted and why; nothing where none was."""
    if lifted:
        event(row, "overridden", by=by, now=now, reason=override.strip()[:200], codes=list(lifted)).save()


def record_in_line(turn: Turn, lifted: Sequence[str], *, override: str, by: Actor, now: datetime) -> None:
    """Write into the story of a place in line which rules were lifted and why; nothing where none was."""
    if lifted:
        turn_event(turn, "overridden", by=by, now=now, reason=override.strip()[:200], codes=list(lifted)).save()


def lifted_in_line(turn: Turn) -> set[str]:
    """Return the codes of the rules that staff have lifted for a place in line. One query."""
    return {code for told in turn.events.filter(what="overridden") for code in told.detail.get("codes", ())}


def reason_given(reason: str) -> str:
    """Return `reason` without blanks around it; raise Refused `reason_needed` for fewer than three letters.

    Raises Refused `reason_personal` where the number of a card, a phone or an e-mail address stands in it.
    """
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        raise Refused(REASON_NEEDED)
    return without_person(said)


def without_person(reason: str) -> str:
    """Return a reason as it is stored; raise Refused `reason_personal` for one that tells who somebody is."""
    if identifies(reason):
        raise Refused(REASON_PERSONAL)
    return reason.strip()[:200]
