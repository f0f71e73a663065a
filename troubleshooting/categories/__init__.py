"""The shipped taxonomy as data (library-practice.md sections 5 and 6), and how it gets into the table."""

from collections.abc import Collection
from typing import Any

from troubleshooting.categories.machines import MACHINES
from troubleshooting.categories.people import PEOPLE
from troubleshooting.categories.row import Row
from troubleshooting.models.category import TallyGroup

# What a tap on the tally counts; a group whose category was removed falls back to its first one.
TALLY_CATEGORY: dict[str, str] = {
    TallyGroup.DIRECTIONS: "directional",
    TallyGroup.PRINTING: "printing",
    TallyGroup.COMPUTER: "pc_performance",
    TallyGroup.WIFI: "wifi",
    TallyGroup.ACCOUNT: "library_account",
    TallyGroup.REFERENCE: "catalog_search",
    TallyGroup.PHONE: "phone",
}
SHIPPED: tuple[Row, ...] = (*PEOPLE, *MACHINES)


def load(model: Any, *, only: Collection[str] = ()) -> int:
    """Add the shipped categories that `model` lacks, all of them or those of the codes `only`; return how many.

    `model` is Category, also a migration's. Managers edit the rows, so a category that is there stays as it is.
    """
    made = [
        model.objects.get_or_create(code=row.code, defaults=_columns(row, position))[1]
        for position, row in enumerate(SHIPPED, start=1)
        if not only or row.code in only
    ]
    return sum(made)


def _columns(row: Row, position: int) -> dict[str, Any]:
    return {
        "name": row.name,
        "tier": row.tier,
        "kind": row.kind,
        "tally_group": row.tally,
        "read_level": row.read,
        "counts_as_reference": row.reference,
        "hardware": row.hardware,
        "promise_minutes": row.promise,
        "policy_line": row.policy,
        "position": position,
    }
