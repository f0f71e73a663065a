"""What the figures of a policy come to for one person: how far ahead, and how much in a day, by class of seats."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import words
from reservations.models import DeviceClass, Policy
from reservations.models.choices import Ahead, Extension, HorizonUnit
from reservations.policy_words import Figure


def by_kind(
    before: Policy, after: Policy, kinds: Iterable[DeviceClass], said: Callable[[Policy, DeviceClass], str]
) -> list[Figure]:
    """Return what `said` says of each class before and after; classes of which the same is said stand together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for kind in kinds:
        groups.setdefault((said(before, kind), said(after, kind)), []).append(kind.name)
    if len(groups) == 1:
        return [Figure(_("every seat"), *pair) for pair in groups]
    return [Figure(", ".join(names), *pair) for pair, names in groups.items()]


def ahead_words(policy: Policy, kind: DeviceClass) -> str:
    """Return how far ahead seats of a class can be booked: "7 days", "not at all"."""
    rule = policy.rule_for(kind.pk)
    days = policy.horizon_days if rule.horizon_days is None else rule.horizon_days
    if policy.ahead == Ahead.NEVER or rule.walk_up_only:
        return _("not at all, walk up only")
    if not days:
        far = _("today only")
    elif policy.horizon_unit == HorizonUnit.OPEN_DAYS:
        far = ngettext("%(days)d open day", "%(days)d open days", days) % {"days": days}
    else:
        far = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    return _("%(far)s, while no seat is free") % {"far": far} if policy.ahead == Ahead.WHEN_FULL else far


def reach_words(policy: Policy, kind: DeviceClass) -> str:
    """Return how long a card holder can sit on seats of a class in a day: "30 min a day in 1 session"."""
    rule = policy.rule_for(kind.pk)
    session = rule.session_minutes or policy.session_minutes
    minutes, sessions = _most(policy, kind)
    if minutes is None and sessions is None:
        return _("%(session)s at a time, without a limit a day") % {"session": words.length(session)}
    total, count = _filled(session, minutes, sessions, min(policy.min_slot_minutes, session))
    sentence = ngettext("%(total)s a day in %(count)d session", "%(total)s a day in %(count)d sessions", count)
    said = sentence % {"total": words.length(total), "count": count}
    grows = policy.extension != Extension.NONE and rule.extendable
    if grows and (not policy.extension_counts or minutes is None or total < minutes):
        return _("%(said)s, more where a session is made longer") % {"said": said}
    return said


def _most(policy: Policy, kind: DeviceClass) -> tuple[int | None, int | None]:
    """Return the minutes and the sessions that a day allows, None for no limit."""
    rule = policy.rule_for(kind.pk)
    minutes, sessions = [rule.day_minutes], [rule.sessions_a_day]
    if rule.counts_toward_day:
        minutes += [policy.day_minutes, policy.week_minutes]
        sessions.append(policy.sessions_a_day)
    return (
        min((each for each in minutes if each is not None), default=None),
        min((each for each in sessions if each is not None), default=None),
    )


def _filled(session: int, minutes: int | None, sessions: int | None, shortest: int) -> tuple[int, int]:
    """Return the minutes and the sessions in which a day is used up; a rest below the `shortest` slot stays unused."""
    if minutes is None:
        return session * (sessions or 0), sessions or 0
    full, rest = divmod(minutes, session)
    if sessions is not None and full >= sessions:
        return session * sessions, sessions
    return (minutes, full + 1) if rest >= shortest else (session * full, full)
