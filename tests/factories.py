"""Plain functions that make rows for tests; each takes only what a test cares about."""

import itertools
import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from helpdesk.models import Role, User
from reservations.models import (
    Area,
    Booking,
    Branch,
    Card,
    Device,
    DeviceClass,
    Kiosk,
    OpeningHours,
    Patron,
    Policy,
    StaffPost,
)
from reservations.patrons.keys import card_key, hash_pin, token_hash
from reservations.period import period
from troubleshooting.guides.loading import columns
from troubleshooting.guides.shape import Step, Text
from troubleshooting.models import Category, GuideStep, GuideVersion, Handoff, Notification, Ticket
from troubleshooting.models.category import Tier

_numbers = itertools.count(1)

# A Tuesday in winter, 14:07 in the suite's time zone (America/New_York): the moment of the mock-ups.
NOW = datetime(2026, 11, 24, 19, 7, tzinfo=UTC)


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """Return a moment of November 2026 by the branch's clock (UTC-5)."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


def make_policy(**fields: Any) -> Policy:
    return Policy.objects.create(**{"name": f"Policy {next(_numbers)}", **fields})


def make_branch(*, hours: bool = True, policy: dict[str, Any] | None = None, **fields: Any) -> Branch:
    """Return a branch that is open from 9 to 19 every day, unless `hours` is off."""
    number = next(_numbers)
    rules = make_policy(**(policy or {}))
    branch = Branch.objects.create(
        **{"name": f"Branch {number}", "slug": f"branch-{number}", "policy": rules, **fields}
    )
    if hours:
        week = [OpeningHours(branch=branch, weekday=day, opens=time(9), closes=time(19)) for day in range(7)]
        OpeningHours.objects.bulk_create(week)
    return branch


CLASS_FIELDS = {"code", "name", "kind", "bookable"}


def make_class(**fields: Any) -> DeviceClass:
    """Return a class of devices; what else `fields` say becomes the rule of each branch that gets such a device."""
    number = next(_numbers)
    own = {name: value for name, value in fields.items() if name in CLASS_FIELDS}
    made = DeviceClass.objects.create(**{"code": f"class-{number}", "name": f"Class {number}", **own})
    made.rule_fields = {name: value for name, value in fields.items() if name not in own}
    return made


def make_device(branch: Branch, *, kind: DeviceClass | None = None, **fields: Any) -> Device:
    """Return a seat; all seats of a test share one internet class unless `kind` says otherwise."""
    if kind is None:
        kind, _made = DeviceClass.objects.get_or_create(code="internet", defaults={"name": "Internet PC"})
    if getattr(kind, "rule_fields", None):
        branch.policy.class_rules.get_or_create(device_class=kind, defaults=kind.rule_fields)
        branch.policy.__dict__.pop("_rules", None)  # a fresh read sees the new rule
    number = next(_numbers)
    return Device.objects.create(
        **{"branch": branch, "device_class": kind, "label": str(number), "position": number, **fields}
    )


def make_area(branch: Branch, name: str = "Window row") -> Area:
    return Area.objects.create(branch=branch, name=name)


def make_patron(**fields: Any) -> Patron:
    number = next(_numbers)
    return Patron.objects.create(
        **{"key": f"c1:{number}", "alias": f"{number:03d}", "age_band": "adult", "seen_at": NOW, **fields}
    )


def make_card(number: str = "29990000000017", pin: str = "2468", **fields: Any) -> Card:
    return Card.objects.create(
        **{"key": card_key(number), "pin_hash": hash_pin(pin), "alias": number[-3:], "age_band": "adult", **fields}
    )


def make_kiosk(branch: Branch, token: str = "kiosk-token", **fields: Any) -> Kiosk:
    name = f"Kiosk {branch.kiosks.count() + 1}"
    return Kiosk.objects.create(
        **{"branch": branch, "name": name, "token_hash": token_hash(token), "paired_at": NOW, **fields}
    )


def make_user(role: str = Role.DESK, *branches: Branch, **fields: Any) -> User:
    """Return a member of staff with posts at `branches`."""
    name = f"{role}-{next(_numbers)}"
    user = User.objects.create_user(**{"username": name, "password": None, "email": f"{name}@example.org", **fields})
    user.role = role
    user.is_staff = user.is_superuser = role == Role.MANAGER
    user.save()
    for branch in branches:
        StaffPost.objects.create(user=user, branch=branch)
    return user


def make_booking(
    device: Device, start: datetime, end: datetime | None, *, patron: Patron | None = None, **fields: Any
) -> Booking:
    """Return a raw row of the timeline, as the verbs would leave it; a patron's unless `kind` says otherwise."""
    if fields.get("kind", "patron") == "patron":
        patron = patron or make_patron()
        if not fields.get("checked_in_at"):
            fields.setdefault("check_in_by", start + timedelta(minutes=10))
    span = period(start, end)
    defaults = {"period": span, "booked_period": span, "request_key": uuid.uuid4(), "created_at": start}
    return Booking.objects.create(**{"branch": device.branch, "device": device, "patron": patron, **defaults, **fields})


def make_category(code: str = "pdf", **fields: Any) -> Category:
    """Return the category `code` with the shipped defaults of a desk question, changed by `fields`."""
    defaults = {"name": code.replace("_", " "), "tier": Tier.DESK, "kind": "tech_help", "tally_group": "computer"}
    return Category.objects.update_or_create(
        code=code, defaults={**defaults, "read_level": 2, "promise_minutes": 5, "hardware": False, **fields}
    )[0]


def make_ticket(branch: Branch, *, category: Category | None = None, **fields: Any) -> Ticket:
    """Return a raw row of a waiting desk question; `fields` change it."""
    category = category or make_category()
    opened = fields.get("opened_at", NOW)
    defaults = {"tier": category.tier, "kind": category.kind, "text": "It does not work"}
    defaults |= {"opened_at": opened, "came_at": opened}
    return Ticket.objects.create(**{"branch": branch, "category": category, **defaults, **fields})


def make_handoff(ticket: Ticket, **fields: Any) -> Handoff:
    """Return an undelivered outbox row of `ticket`, to IT unless `to_tier` says otherwise."""
    defaults = {"step": ticket.handoffs.count() + 1, "to_tier": Tier.IT, "created_at": NOW}
    return Handoff.objects.create(**{"ticket": ticket, **defaults, **fields})


def make_notification(handoff: Handoff, recipient: User, **fields: Any) -> Notification:
    """Return an e-mail that is due; `fields` change it."""
    defaults = {"channel": "email", "created_at": NOW, "next_try_at": NOW}
    return Notification.objects.create(**{"handoff": handoff, "recipient": recipient, **defaults, **fields})


def make_guide(category: Category | None = None, *steps: Step, **fields: Any) -> GuideVersion:
    """Return the live guide of `category` with `steps`, two of which the first is for patrons unless given."""
    category = category or make_category()
    if fields.get("is_live", True):
        GuideVersion.objects.filter(category=category, is_live=True).update(is_live=False)
    number = 1 + GuideVersion.objects.filter(category=category).count()
    defaults = {"number": number, "made_at": NOW, "published_at": NOW, "is_live": True, "by_kind": "system"}
    version = GuideVersion.objects.create(category=category, **{**defaults, **fields})
    shapes = steps or (make_step("first", no="second", patron=True), make_step("second"))
    rows = [GuideStep(version=version, **columns(step, place)) for place, step in enumerate(shapes, start=1)]
    GuideStep.objects.bulk_create(rows)
    return version


def make_step(key: str, yes: str = "solved", no: str = "desk", **fields: Any) -> Step:
    """Return a step that says its own key in English and Spanish."""
    texts = {"en": Text(f"Try {key}.", f"Did {key} help?"), "es": Text(f"Pruebe {key}.", f"¿Ayudó {key}?")}
    return Step(key, yes, no, **{"texts": texts, **fields})
