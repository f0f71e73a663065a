"""Kiosks: pairing a screen, changing its name and place, taking the pairing back, and the list of them."""

import secrets
from datetime import datetime

from django.contrib.admin.models import CHANGE
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.models import Area, Branch, Kiosk
from reservations.patrons.keys import token_hash
from reservations.rules.problem import Problem, Refused
from reservations.set_up.notes import note
from reservations.set_up.seen import check_seen

TOKEN_BYTES = 32
LONGEST_PK = 18  # digits that fit the column
ELSEWHERE = Problem(
    "area_elsewhere",
    _("This part of a room is in another branch. Choose one of this branch."),
    _("A kiosk stands in its branch's room"),
    lift_by="",
)
NAME_PAIRED = Problem(
    "kiosk_name_paired",
    _("There is a kiosk of this name. Choose another name, or take its pairing back first."),
    _("One name, one screen of a branch"),
    lift_by="",
)


@transaction.atomic
def pair_kiosk(
    *,
    branch: Branch,
    name: str,
    by: Actor,
    now: datetime,
    beside: Area | None = None,
    before: Kiosk | None = None,
) -> tuple[Kiosk, str]:
    """Pair a screen to `branch`; return it and its token, which is kept only on the screen itself.

    `beside` is the area of the branch next to which it stands: from there maps show the way. A kiosk of this name whose
    pairing was taken back, or that came with an import, becomes this screen, and stands where it stood unless `beside`
    says otherwise. `before` is what the screen was until now: that pairing ends. Raises Refused `kiosk_name_paired`.
    """
    if before:
        revoke_kiosk(kiosk=before, by=by, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    unpaired = Kiosk.objects.select_for_update(no_key=True).filter(branch=branch, name=name, revoked_at__isnull=False)
    kiosk = unpaired.order_by("-pk").first() or Kiosk(branch=branch, name=name)
    kiosk.beside, kiosk.token_hash = beside or kiosk.beside, token_hash(token)
    kiosk.paired_at, kiosk.paired_by_id, kiosk.revoked_at = now, by.user_id, None
    with refused_by("kiosk_paired_once_per_name", Refused(NAME_PAIRED)):
        kiosk.save()
    return kiosk, token


@transaction.atomic
def revoke_kiosk(*, kiosk: Kiosk, by: Actor, now: datetime) -> Kiosk:
    """Take a screen's pairing back: its next request is refused. Revoking twice is revoking once."""
    row = Kiosk.objects.select_for_update(no_key=True).get(pk=kiosk.pk)
    if row.revoked_at is None:
        row.revoked_at = max(now, row.paired_at)
        row.save(update_fields=["revoked_at"])
        note(row, CHANGE, by=by, now=now, words="pairing taken back")
    return row


@transaction.atomic
def change_kiosk(*, kiosk: Kiosk, name: str, beside: Area | None, by: Actor, now: datetime, seen: str = "") -> Kiosk:
    """Name a screen anew, and say beside which area of its branch it stands.

    `seen` is the version that the form was filled with. Raises Refused `changed_meanwhile`, `area_elsewhere`,
    `kiosk_name_paired`.
    """
    row = Kiosk.objects.select_for_update(no_key=True).get(pk=kiosk.pk)
    check_seen(row, seen, {"name": name, "beside_id": beside.pk if beside else None})
    if beside and beside.branch_id != row.branch_id:
        raise Refused(ELSEWHERE)
    row.name, row.beside = name, beside
    with refused_by("kiosk_paired_once_per_name", Refused(NAME_PAIRED)):
        row.save(update_fields=["name", "beside"])
    note(row, CHANGE, by=by, now=now)
    return row


def kiosks_listed() -> "QuerySet[Kiosk]":
    """Return all kiosks by branch, those that are paired first. One query."""
    found = Kiosk.objects.select_related("branch", "beside", "paired_by")
    return found.order_by("branch__position", "branch", F("revoked_at").desc(nulls_first=True), "name", "pk")


def kiosk_of(pk: int) -> Kiosk:
    """Return a kiosk with its branch, or raise Http404. One query."""
    kiosk = Kiosk.objects.select_related("branch").filter(pk=pk).first()
    if kiosk is None:
        raise Http404
    return kiosk


def unpaired_kiosk(pk: str) -> Kiosk | None:
    """Return the kiosk that waits to be paired again and has this primary key as it came in an address, else None."""
    if not pk.isdecimal() or len(pk) > LONGEST_PK:
        return None
    return Kiosk.objects.filter(pk=pk, revoked_at__isnull=False).first()


def kiosk_with(token: str) -> Kiosk | None:
    """Return the paired kiosk of a token with its branch and policy, or None for a forged or revoked one."""
    return Kiosk.objects.select_related("branch__policy").filter(token_hash=token_hash(token), revoked_at=None).first()
