"""The help address of a device: short enough to type, signed so that nobody guesses one, renewed by hand."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from helpdesk.actor import Actor
from reservations.public import standing_device
from troubleshooting.models import HelpAddress

if TYPE_CHECKING:
    from reservations.models import Device

SALT = "troubleshooting.help_address"
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # five bits each; none looks like another
HALF = 5  # letters; two halves of 25 bits
SHAPE = re.compile(r"([0-9]{1,18})-([0-9a-z]{5})-?([0-9a-z]{5})")
LOOK_ALIKE = str.maketrans("oil", "011")


def code_of(device_id: int, version: int) -> str:
    """Return the code in the help address of a device: its number and 50 bits of a signature, "17-k7mq4-xw29d"."""
    digest = salted_hmac(SALT, f"{device_id}:{version}", algorithm="sha256").digest()
    number = int.from_bytes(digest[:8])
    letters = "".join(LETTERS[number >> 5 * place & 31] for place in range(2 * HALF))
    return f"{device_id}-{letters[:HALF]}-{letters[HALF:]}"


def version_of(device_id: int) -> int:
    """Return which of a device's addresses is the present one; one query."""
    return HelpAddress.objects.filter(device_id=device_id).values_list("version", flat=True).first() or 0


def device_at(code: str) -> "Device | None":
    """Return the device whose present address has this code, as typed; None for a forged, renewed or retired one.

    Capital letters, a missing hyphen in the middle, and o, i, l typed for 0 and 1 are forgiven. At most two queries.
    """
    found = SHAPE.fullmatch(code.lower())
    if found is None:
        return None
    device_id = int(found[1])
    typed = f"{device_id}-{found[2]}-{found[3]}".translate(LOOK_ALIKE)
    if not constant_time_compare(typed, code_of(device_id, version_of(device_id))):
        return None
    return standing_device(device_id)


def address_of(device_id: int, version: int) -> str:
    """Return the whole address that people type or that stands on a sticker."""
    return settings.BASE_URL.rstrip("/") + reverse("seat-help", args=[code_of(device_id, version)])


@transaction.atomic
def renew_address(*, device_id: int, seen: int, by: Actor, now: datetime) -> int:
    """Give a device a new help address, so that the old one leads nowhere; return the present version.

    `seen` is the version that was shown: a second click, or somebody who was slower, changes nothing.
    """
    HelpAddress.objects.get_or_create(device_id=device_id, defaults={"renewed_at": now})
    HelpAddress.objects.filter(device_id=device_id, version=seen).update(
        version=F("version") + 1, renewed_at=now, renewed_by_id=by.user_id
    )
    return version_of(device_id)


def renew_retired(*, device_id: int, by: Actor, now: datetime, **_more: Any) -> None:
    """Let the address of a device that leaves the room end with it: back in a room it gets another one."""
    renew_address(device_id=device_id, seen=version_of(device_id), by=by, now=now)
