"""Who of the managers changed what of the set-up, and when."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from helpdesk.actor import Actor

NAME_LENGTH = 200  # of LogEntry.object_repr


def note(row: Model, what: int, *, by: Actor, now: datetime, words: str = "") -> None:
    """Note that `by` did `what` (ADDITION, CHANGE, DELETION of the admin's log) to `row`; `words` say how."""
    assert by.user_id is not None
    LogEntry.objects.create(
        user_id=by.user_id,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row)[:NAME_LENGTH],
        action_flag=what,
        action_time=now,
        change_message=words,
    )
