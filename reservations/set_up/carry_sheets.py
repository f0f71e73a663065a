"""The set-up of reservations as sheets: rules, classes, branches, their rooms and hours, devices, kiosks."""

import secrets
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from helpdesk.carry.sheet import Ref, Sheet
from helpdesk.week import Weekday
from reservations.kiosks import TOKEN_BYTES
from reservations.models import (
    Area,
    Branch,
    ClassRule,
    Closure,
    Device,
    DeviceClass,
    Kiosk,
    OpeningHours,
    Policy,
    SpecialHours,
)
from reservations.patrons.keys import token_hash
from reservations.policies import COLUMNS, RULE_COLUMNS

BY_BRANCH = ("branch__position", "branch_id")  # the order of branches
BRANCH = Ref("branches", ("branch",))
CLASS = Ref("device_classes", ("device_class",))


def _to_be_paired(kiosk: Kiosk, now: datetime) -> None:
    """Let a kiosk wait for its pairing: no screen holds its token, and none did before it was revoked."""
    kiosk.token_hash = token_hash(secrets.token_urlsafe(TOKEN_BYTES))
    kiosk.paired_at = kiosk.revoked_at = now


# A kiosk that staff revoked is gone; one that an import left to be paired is not.
STANDING = Q(revoked_at=None) | Q(revoked_at=F("paired_at"))

SHEETS = (
    Sheet("policies", Policy, COLUMNS, lambda: Policy.objects.order_by("pk"), ("name",), title=gettext_lazy("Rules")),
    Sheet(
        "device_classes",
        DeviceClass,
        ("code", "name", "kind", "bookable"),
        lambda: DeviceClass.objects.order_by("pk"),
        ("code",),
    ),
    Sheet(
        "class_rules",
        ClassRule,
        ("policy", "device_class", *RULE_COLUMNS),
        lambda: ClassRule.objects.order_by("policy_id", "device_class_id"),
        refers={"policy": Ref("policies", ("policy",)), "device_class": CLASS},
    ),
    Sheet(
        "branches",
        Branch,
        ("slug", "name", "position", "policy"),
        lambda: Branch.objects.order_by("position", "pk"),
        ("slug",),
        refers={"policy": Ref("policies", ("policy",))},
    ),
    Sheet(
        "areas",
        Area,
        ("branch", "name", "hint", "position"),
        lambda: Area.objects.order_by(*BY_BRANCH, "position", "pk"),
        ("branch", "name"),
        refers={"branch": BRANCH},
    ),
    Sheet(
        "opening_hours",
        OpeningHours,
        ("branch", "weekday", "opens", "closes"),
        lambda: OpeningHours.objects.order_by(*BY_BRANCH, "weekday", "opens", "pk"),
        refers={"branch": BRANCH},
        names={"weekday": Weekday},
    ),
    Sheet(
        "special_hours",
        SpecialHours,
        ("branch", "on", "opens", "closes", "reason"),
        lambda: SpecialHours.objects.order_by(*BY_BRANCH, "on", "opens", "pk"),
        refers={"branch": BRANCH},
    ),
    Sheet(
        "closures",
        Closure,
        ("branch", "on", "reason"),
        lambda: Closure.objects.order_by(*BY_BRANCH, "on", "pk"),
        refers={"branch": BRANCH},
    ),
    Sheet(
        "devices",
        Device,
        (
            "branch",
            "label",
            "device_class",
            "area",
            "place",
            "features",
            "lacks",
            "position",
            "retired_on",
        ),
        lambda: Device.objects.order_by(*BY_BRANCH, "position", "pk"),
        refers={"branch": BRANCH, "device_class": CLASS, "area": Ref("areas", ("branch", "area"))},
    ),
    Sheet(
        "kiosks",
        Kiosk,
        ("branch", "name", "beside"),
        lambda: Kiosk.objects.filter(STANDING).order_by(*BY_BRANCH, "pk"),
        refers={"branch": BRANCH, "beside": Ref("areas", ("branch", "beside"))},
        complete=_to_be_paired,
    ),
)
