"""Staff lift rules with a recorded reason; what nobody can lift stays refused."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.actor import Actor
from helpdesk.models import Role
from reservations.booking.events import event
from reservations.models import Booking
from reservations.rules.problem import Problem, Refused

REASON_NEEDED = Problem("reason_needed", _("Say why, in a few words."), _("Reason"), lift_by="")
LIFTS = {"desk": frozenset({Role.DESK, Role.REFERENCE, Role.MANAGER}), "manager": frozenset({Role.MANAGER})}


def may_lift(problem: Problem, by: Actor) -> bool:
    """Return whether `by` may override `problem`: staff of a role that its `lift_by` names."""
    return by.kind == "staff" and by.role in LIFTS.get(problem.lift_by, ())


def check(problems: Sequence[Problem], *, by: Actor, override: str = "") -> list[str]:
    """Return the codes of the problems that `override`, a reason, lifts; none where there is no problem.

    Raises Refused with all problems unless `by` may lift every one of them, and `reason_needed` for a blank reason.
    """
    if not problems:
        return []
    if not override or not all(may_lift(problem, by) for problem in problems):
        raise Refused(*problems)
    if not override.strip():
        raise Refused(REASON_NEEDED)
    return [problem.code for problem in problems]


def record(row: Booking, lifted: Sequence[str], *, override: str, by: Actor, now: datetime) -> None:
    """Write into the row's story which rules were lifted and why; nothing where none was."""
    if lifted:
        event(row, "overridden", by=by, now=now, reason=override.strip()[:200], codes=list(lifted)).save()


def reason_given(reason: str) -> str:
    """Return `reason` without blanks around it; raise Refused `reason_needed` for an empty one."""
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    return reason.strip()[:200]
