"""The published guides as pages read them: one small query, the steps themselves once a process."""

from dataclasses import dataclass
from functools import lru_cache

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
    pk = live.values_list("pk", flat=True).first()
    return None if pk is None else published(pk)


def guide_of(version: GuideVersion) -> Guide:
    """Return a version with its steps as they are now, a draft's too; one query."""
    return Guide(version.pk, version.category_id, version.number, tuple(step.shape for step in version.steps.all()))


@lru_cache(maxsize=HELD)
def published(pk: int) -> Guide:
    """Return a published version. It never changes, so each is read once a process."""
    return guide_of(GuideVersion.objects.prefetch_related("steps").get(pk=pk))
