"""Who changed which figures of a policy when, so that two managers at once see what each of them did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from helpdesk.actor import Actor
from reservations.models import Policy
from reservations.set_up.notes import note

Key = tuple[int, str]  # the primary key of a class, 0 for all seats, and a column


@dataclass(frozen=True)
class Meanwhile:
    """What others did since a form was filled: the last of them, when, and every figure they changed."""

    who: str
    at: datetime
    keys: frozenset[Key]


def changed_keys(before: Mapping[Key, Any], after: Mapping[Key, Any]) -> list[Key]:
    """Return the figures that differ."""
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def record(policy: Policy, what: int, by: Actor, now: datetime, *, version: str = "", keys: Iterable[Key] = ()) -> None:
    """Note that `by` did `what` to the policy, which now is `version`."""
    words = " ".join([version, *(f"{kind}:{name}" for kind, name in keys)])
    note(policy, what, by=by, now=now, words=words)


def meanwhile(policy: Policy, version: str) -> Meanwhile | None:
    """Return what was saved after the policy was `version`, None where nothing is known of it."""
    later: list[LogEntry] = []
    for entry in _story(policy):
        seen, *_keys = entry.change_message.split(" ")
        if seen == version:
            break
        later.append(entry)
    if not later:
        return None
    keys = frozenset(key for entry in later for key in _keys_of(entry))
    return Meanwhile(str(later[0].user), later[0].action_time, keys)


def _keys_of(entry: LogEntry) -> Iterable[Key]:
    for each in entry.change_message.split(" ")[1:]:
        kind, _colon, name = each.partition(":")
        yield int(kind), name


def _story(policy: Policy) -> "QuerySet[LogEntry]":
    kind = ContentType.objects.get_for_model(Policy)
    found = LogEntry.objects.filter(content_type=kind, object_id=str(policy.pk)).exclude(action_flag=DELETION)
    return found.select_related("user").order_by("-action_time", "-pk")
