"""How a published policy of a named library becomes a branch's Policy. The libraries are in published.py.

What a library does not publish keeps the shipped default; a guest of whom nothing is said never gets more than a
card holder.
"""

from typing import Any

from django.db import transaction

from reservations.models import DeviceClass, Policy
from reservations.published import PRESETS
from reservations.shipped import Preset

__all__ = ["PRESETS", "Preset", "make_policy", "preset_with"]


def preset_with(code: str) -> Preset | None:
    """Return the preset named `code`, or None."""
    return next((preset for preset in PRESETS if preset.code == code), None)


def class_rules(preset: Preset) -> dict[DeviceClass, dict[str, Any]]:
    """Return what the preset says of those classes that the system has."""
    kinds = DeviceClass.objects.filter(code__in=preset.classes).order_by("pk")
    return {kind: dict(preset.classes[kind.code]) for kind in kinds}


@transaction.atomic
def make_policy(preset: Preset) -> Policy:
    """Save and return a new Policy with the preset's figures. Raises IntegrityError where its name is taken."""
    policy = Policy.objects.create(**preset.columns())
    for kind, columns in class_rules(preset).items():
        policy.class_rules.create(device_class=kind, **columns)
    return policy
