"""Pairing and revoking kiosks."""

import secrets
from datetime import datetime

from django.db import transaction

from helpdesk.actor import Actor
from reservations.models import Area, Branch, Kiosk
from reservations.patrons.keys import token_hash

TOKEN_BYTES = 32


@transaction.atomic
def pair_kiosk(*, branch: Branch, name: str, by: Actor, now: datetime, beside: Area | None = None) -> tuple[Kiosk, str]:
    """Pair a screen to `branch`; return it and its token, which is kept only on the screen itself.

    `beside` is the area of the branch next to which it stands: from there maps show the way.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    kiosk = Kiosk.objects.create(
        branch=branch,
        name=name,
        beside=beside,
        token_hash=token_hash(token),
        paired_at=now,
        paired_by_id=by.user_id,
    )
    return kiosk, token


@transaction.atomic
def revoke_kiosk(*, kiosk: Kiosk, by: Actor, now: datetime) -> Kiosk:
    """Take a screen's pairing back: its next request is refused. Revoking twice is revoking once."""
    row = Kiosk.objects.select_for_update(no_key=True).get(pk=kiosk.pk)
    if row.revoked_at is None:
        row.revoked_at = max(now, row.paired_at)
        row.save(update_fields=["revoked_at"])
    return row


def kiosk_with(token: str) -> Kiosk | None:
    """Return the paired kiosk of a token with its branch and policy, or None for a forged or revoked one."""
    return Kiosk.objects.select_related("branch__policy").filter(token_hash=token_hash(token), revoked_at=None).first()
