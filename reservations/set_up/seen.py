"""Whether a form of set-up still starts from what is saved: two managers at once, or one with two tabs."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.translation import gettext_lazy

from reservations.models import Area, Branch, Device, DeviceClass, Kiosk
from reservations.rules.problem import Problem, Refused

COLUMNS: dict[type[Model], tuple[str, ...]] = {  # what the form of each shows
    Branch: ("name", "slug", "policy_id"),
    DeviceClass: ("name", "kind", "bookable"),
    Device: ("branch_id", "label", "device_class_id", "area_id", "place", "features"),
    Area: ("name", "hint"),
    Kiosk: ("name", "beside_id"),
}
CHANGED = Problem(
    "changed_meanwhile",
    gettext_lazy("This was changed meanwhile. Nothing was saved; your values are still in the form."),
    gettext_lazy("Two people at once"),
    lift_by="",
)


def version_of(row: Model) -> str:
    """Return a short name of the values that `row` holds: equal values, equal name."""
    text = json.dumps(_values(row), sort_keys=True, cls=DjangoJSONEncoder)
    return sha256(text.encode()).hexdigest()[:20]


def check_seen(row: Model, seen: str, said: Mapping[str, Any]) -> None:
    """Raise Refused `changed_meanwhile` where the locked `row` is not any more what a form of `seen` was filled with.

    What `said` would change nothing, such as a second click, is let through; '' comes from no form.
    """
    saved = _values(row)
    if seen and seen != version_of(row) and {**saved, **said} != saved:
        raise Refused(CHANGED)


def _values(row: Model) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS[type(row)]}
