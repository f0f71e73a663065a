"""What stands beside the found questions: one source for each sort of thing, all asked in the same way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User
from helpdesk.roles import DESK_ROLES
from reservations.public import devices_called
from troubleshooting.models import Category
from troubleshooting.search.asked import Asked
from troubleshooting.search.marks import marked
from troubleshooting.search.words import plain, typed

SHOWN = 5  # hits of one source


@dataclass(frozen=True)
class Hit:
    """A thing that was found: what it is called with the found words marked, where it leads, one more line."""

    title: SafeString
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Source:
    """A sort of thing. `find(asked, user, limit)` returns what `user` may open; one query at most."""

    key: str
    label: Promise
    find: Callable[[Asked, User, int], Sequence[Hit]]


@dataclass(frozen=True)
class Group:
    """What one source found."""

    key: str
    label: Promise
    hits: Sequence[Hit]


def find_devices(asked: Asked, user: User, limit: int) -> list[Hit]:
    """Return the seats and machines that are called so; the tech is led to what was asked about them."""
    found = devices_called(user, asked.words, asked.meant, limit)
    at_desk = user.role in DESK_ROLES
    return [
        Hit(
            title=marked(device.said, asked.terms),
            url=reverse("desk-seat", args=[device.pk]) if at_desk else _search(device=device.pk),
            detail=f"{device.branch.name}, {device.device_class.name}",
        )
        for device in found
    ]


def find_categories(asked: Asked, user: User, limit: int) -> list[Hit]:
    """Return what questions can be about that is called so, in the reader's language or the library's; no query."""
    terms = [term for term in asked.terms if not term.small]
    called = [
        row
        for row in asked.categories
        if all(
            any(word in term.whole or word.startswith((*term.begins, *term.meant)) for word in _names(row))
            for term in terms
        )
    ]
    return [Hit(marked(row.label, asked.terms), _search(category=row.code)) for row in called[:limit]]


SOURCES: tuple[Source, ...] = (
    Source("devices", _("Seats and machines"), find_devices),
    Source("categories", _("All questions about"), find_categories),
)


def beside(asked: Asked, user: User) -> list[Group]:
    """Return what each source found, without those that found nothing."""
    if not asked.words or asked.before is not None:
        return []
    groups = [Group(source.key, source.label, source.find(asked, user, SHOWN)) for source in SOURCES]
    return [group for group in groups if group.hits]


def _names(row: Category) -> list[str]:
    return [*typed(row.label), *typed(row.name), plain(row.code)]


def _search(**wanted: str | int) -> str:
    return f"{reverse('search')}?{urlencode(wanted)}"
