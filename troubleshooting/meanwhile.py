"""A form that says which state of a question its page showed, and what has happened to the question since."""

from datetime import datetime

from django import forms

from troubleshooting.cards import Line, story_lines
from troubleshooting.fields import VersionField
from troubleshooting.guard import GuardedForm
from troubleshooting.models import TicketEvent


class VersionForm(GuardedForm):
    """What every move carries: the version of the question that the page showed, and the last line of its story."""

    version = VersionField(required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


def last_seen(story: list[TicketEvent]) -> int:
    """Return what a page that shows `story` carries as `seen`."""
    return max((event.pk for event in story), default=0)


def meanwhile(story: list[TicketEvent], form: forms.Form | None, now: datetime) -> list[Line]:
    """Return in words what was added to `story` after the page of a sent `form`; none where it does not say."""
    seen = form.data.get("seen", "") if form is not None else ""
    if not (seen.isascii() and seen.isdigit()):
        return []
    return story_lines([event for event in story if event.pk > int(seen)], now)
