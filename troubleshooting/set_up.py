"""The set-up of troubleshooting as a sheet: the categories with their texts."""

from helpdesk.carry.sheet import Sheet
from troubleshooting.models import Category
from troubleshooting.models.category import Tier

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
        "first_fixes",
        "position",
    ),
    lambda: Category.objects.order_by("position", "pk"),
    names={"tier": Tier},
    shipped=True,
)
