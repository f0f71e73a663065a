"""The published guides as pages read them: one small query, the steps themselves once a process."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models.functions import JSONObject

from troubleshooting.guides.shape import Step
from troubleshooting.models import GuideVersion

HELD = 256  # versions: more than there are categories


@dataclass(frozen=True)
class Guide:
    """A version with its steps in order; a published one never changes."""

    pk: int
    category_id: int
    number: int
    steps: tuple[Step, ...]


def live_guide(category_id: int) -> Guide | None:
    """Return the guide in use of a category, None without one. One query; its steps are read once a process."""
    live = GuideVersion.objects.filter(category_id=category_id, is_live=True).order_by()
    found = live.values_list(JSONObject(pk="pk", since="published_at"), flat=True).first()
    return None if found is None else published(found["pk"], found["since"])


def guide_of(version: GuideVersion) -> Guide:
    """Return a version with its steps as they are now, a draft's too; one query."""
    return Guide(version.pk, version.category_id, version.number, tuple(step.shape for step in version.steps.all()))


@lru_cache(maxsize=HELD)
def published(pk: int, since: str) -> Guide:
    """Return the version that was published at `since`. It never changes, so each is read once a process.

    The moment tells it from another one of its number: a demo library that is built anew counts from 1 again.
    """
    return guide_of(GuideVersion.objects.prefetch_related("steps").get(pk=pk))
