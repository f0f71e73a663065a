"""The set-up of troubleshooting as sheets: the categories with their texts, and the guides that are in use."""

from datetime import datetime

from helpdesk.carry.sheet import Ref, Sheet
from troubleshooting.models import Category, GuideStep, GuideVersion
from troubleshooting.models.category import Tier


def _published(version: GuideVersion, now: datetime) -> None:
    """A guide that comes in is in use at once; what it was before stays where it came from."""
    version.made_at = version.published_at = now
    version.is_live, version.by_kind = True, "system"


CATEGORIES = Sheet(
    "categories",
    Category,
    (
        "code",
        "name",
        "tier",
        "kind",
        "tally_group",
        "read_level",
        "counts_as_reference",
        "hardware",
        "promise_minutes",
        "box_minutes",
        "policy_line",
        "position",
        "is_offered",
    ),
    lambda: Category.objects.order_by("position", "pk"),
    ("code",),
    names={"tier": Tier},
    shipped=True,
)
GUIDES = Sheet(
    "guides",
    GuideVersion,
    ("category", "number"),
    lambda: GuideVersion.objects.filter(is_live=True).order_by("category__position", "category_id"),
    ("category",),
    refers={"category": Ref("categories", ("category",))},
    complete=_published,
    shipped=True,
)
STEPS = Sheet(
    "guide_steps",
    GuideStep,
    ("version", "key", "position", "picture", "patron", "yes", "no", "texts"),
    lambda: GuideStep.objects.filter(version__is_live=True).order_by(
        "version__category__position", "version__category_id", "position"
    ),
    ("version", "key"),
    refers={"version": Ref("guides", ("version",))},
    shipped=True,
)
SHEETS = (CATEGORIES, GUIDES, STEPS)
