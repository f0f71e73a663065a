"""Who set up what and when: the same log that the plain tables of set-up keep."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from helpdesk.actor import Actor

LONGEST = 200  # characters, as in LogEntry.object_repr


def record(row: Model, what: int, by: Actor, now: datetime) -> None:
    """Note that `by` did `what` (ADDITION, CHANGE or DELETION of django.contrib.admin) to the row."""
    assert by.user_id is not None
    LogEntry.objects.create(
        user_id=by.user_id,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row)[:LONGEST],
        action_flag=what,
        action_time=now,
    )
