"""What a view says at the foot of the page: one sentence, and where there is one, the way to take it back."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

UNDO = "undo:"  # how the address travels with a message: as one of its extra tags


def say(request: HttpRequest, sentence: str, *, undo_url: str = "") -> None:
    """Say `sentence` once, on this answer or on the page it leads to.

    `undo_url` is a path of this site that takes what happened back by POST; it is offered for ten seconds. Raises
    ValueError for any other address.
    """
    if undo_url and not _is_path(undo_url):
        raise ValueError(f"An undo is a path of this site, not {undo_url!r}")
    messages.success(request, sentence, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def undo_of(message: Message) -> str:
    """Return the path that takes back what `message` tells, or ''."""
    tags = message.extra_tags or ""
    path = tags.removeprefix(UNDO)
    return path if tags.startswith(UNDO) and _is_path(path) else ""


def _is_path(url: str) -> bool:
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
