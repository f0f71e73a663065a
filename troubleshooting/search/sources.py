"""What stands beside the found questions: one source for each sort of thing, all asked in the same way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User
from helpdesk.roles import DESK_ROLES
from reservations.public import devices_called
from troubleshooting.models import Category, GuideStep
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
    called = [row for row in asked.categories if _has(asked, _names(row))]
    return [Hit(marked(row.label, asked.terms), _search(category=row.code)) for row in called[:limit]]


def find_guides(asked: Asked, user: User, limit: int) -> list[Hit]:
    """Return the guides of which one step has all the words, in any language, with that step; one query."""
    if user.role not in DESK_ROLES:
        return []
    steps = GuideStep.objects.filter(version__is_live=True, version__category__is_offered=True)
    found: dict[str, Hit] = {}
    for step in steps.select_related("version__category").order_by("version__category__position", "position"):
        row, said = step.version.category, [" ".join(text.values()) for text in step.texts.values()]
        if row.code not in found and any(_has(asked, [*typed(words), *_names(row)]) for words in said):
            text = step.texts.get(get_language() or "", step.texts.get(settings.LANGUAGE_CODE, {}))
            found[row.code] = Hit(marked(row.label, asked.terms), reverse("guide", args=[row.code]), text.get("do", ""))
    return list(found.values())[:limit]


def _has(asked: Asked, words: Sequence[str]) -> bool:
    """Return whether each term that was asked for, small words aside, is among `words` or begins one of them."""
    terms = [term for term in asked.terms if not term.small]
    return all(
        any(word in term.whole or word.startswith((*term.begins, *term.meant)) for word in words) for term in terms
    )


SOURCES: tuple[Source, ...] = (
    Source("devices", _("Seats and machines"), find_devices),
    Source("guides", _("Guides"), find_guides),
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
