"""One person, one row: whichever of their keys comes, it leads to the same patron; two rows become one."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model, Q

from helpdesk import live
from helpdesk.actor import SYSTEM
from helpdesk.db import constraint_of
from reservations.booking.events import event
from reservations.locks import lock_branch
from reservations.models import Booking, Patron, PatronDay, PatronKey, Turn
from reservations.models.people import Source
from reservations.patrons.sources import Identity
from reservations.scopes import board_scope

ONE_PLACE = frozenset({"booking_one_per_patron", "turn_one_per_patron"})


def remember(identity: Identity, now: datetime) -> Patron:
    """Make the patron at the first sign-in, refresh what the source says at later ones, and return them.

    Rows that turn out to be the same person become one where that ends nobody's session, else at a later sign-in.
    """
    patron, others = _remembered(identity, now)
    for other in others:
        if merge(into=patron, other=other, now=now):
            patron.refresh_from_db()
    return patron


def known_by(keys: Collection[str]) -> Patron | None:
    """Return the patron of any of `keys`, if one has been here. Two queries at most."""
    found = _ids(keys)
    return Patron.objects.filter(pk__in=found).order_by("pk").first() if found else None


def _ids(keys: Collection[str]) -> set[int]:
    own = Patron.objects.filter(key__in=keys).values_list("pk", flat=True)
    return set(own.union(PatronKey.objects.filter(key__in=keys).values_list("patron_id", flat=True)))


@transaction.atomic
def _remembered(identity: Identity, now: datetime) -> tuple[Patron, list[Patron]]:
    """Return the row of the identity, made or refreshed, and the rows that are the same person."""
    keys = [identity.key, *identity.also]
    one_at_a_time([*keys, *identity.unproven])
    ids = _ids([*keys, *identity.unproven])
    found = list(Patron.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")) if ids else []
    # What was taken on trust never becomes the card's own row: whoever sits there might be somebody else.
    proven = [each for each in found if identity.source == Source.AWAY or not each.is_unverified]
    patron = min(proven, key=lambda each: (each.key != identity.key, each.pk), default=Patron(key=identity.key))
    for name in ("source", "alias", "age_band", "band_until", "valid_until"):
        setattr(patron, name, getattr(identity, name))
    patron.seen_at = now
    patron.save()
    others = [each for each in found if each.pk != patron.pk]
    taken = {patron.key, *(each.key for each in others)}
    new = [PatronKey(key=key, patron=patron) for key in keys if key not in taken]
    if new:
        PatronKey.objects.bulk_create(new, ignore_conflicts=True)
    return patron, others


def one_at_a_time(keys: Collection[str]) -> None:
    """Let nobody else remember one of `keys` until this transaction ends, so that no key makes two patrons."""
    with connection.cursor() as cursor:
        for key in sorted(set(keys)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


class _LaterError(Exception):
    """The two rows cannot become one now: the person has two seats or two places in line at the same time."""


def merge(*, into: Patron, other: Patron, now: datetime) -> bool:
    """Make `other` the same row as `into`: bookings, places, days and keys; return whether it was done.

    It is not done, and nothing is changed, while both sit, are booked or wait at the same time: nobody loses a
    seat because two cards turn out to be one person's.
    """
    try:
        with transaction.atomic():
            _merge(into, other, now)
    except _LaterError:
        return False
    except IntegrityError as error:
        if constraint_of(error) in ONE_PLACE:
            return False
        raise
    return True


def _merge(into: Patron, other: Patron, now: datetime) -> None:
    branches = _branches(into, other)
    for branch_id in branches:
        lock_branch(branch_id)
    pair = Patron.objects.select_for_update(no_key=True).filter(pk__in=[into.pk, other.pk]).order_by("pk")
    rows = {row.pk: row for row in pair}
    if len(rows) < 2 or set(_branches(into, other)) - set(branches):
        raise _LaterError  # somebody merged them, or they got a seat elsewhere before the lock
    kept, gone = rows[into.pk], rows[other.pk]
    _move_rows(kept, gone, now)
    _move_days(kept, gone)
    for name in ("blocked_until", "walk_up_only_until", "seen_at"):
        setattr(kept, name, max(filter(None, (getattr(kept, name), getattr(gone, name))), default=None))
    kept.save()
    gone.keys.update(patron=kept)
    gone.delete()
    if not gone.is_unverified:
        PatronKey.objects.create(key=gone.key, patron=kept)
    live.touch(*(board_scope(branch_id) for branch_id in branches))


def _branches(*patrons: Patron) -> list[int]:
    """Return the branches at which the patrons have rows, in the order of locking."""
    found: set[int] = set()
    for model in (Booking, Turn):
        rows = model._default_manager.filter(patron__in=patrons)
        found |= set(rows.values_list("branch_id", flat=True))
    return sorted(found | set(Booking.objects.filter(responsible__in=patrons).values_list("branch_id", flat=True)))


def _move_rows(kept: Patron, gone: Patron, now: datetime) -> None:
    """Let every row that names `gone` name `kept`; days have a way of their own."""
    pair = [kept, gone]
    Booking.objects.filter(patron__in=pair, responsible__in=pair).update(responsible=None)
    told = [
        event(row, "merged", by=SYSTEM, now=now) for row in Booking.objects.open().filter(patron=gone).order_by("pk")
    ]
    for relation in Patron._meta.related_objects:
        model, name = cast(type[Model], relation.related_model), relation.field.name
        if model not in {PatronDay, PatronKey}:
            model._base_manager.filter(**{name: gone}).update(**{name: kept})
    for line in told:
        line.save(force_insert=True)


def _move_days(kept: Patron, gone: Patron) -> None:
    """Add up what is kept of past days, class by class."""
    for day in PatronDay.objects.filter(patron=gone).order_by("pk"):
        same = Q(branch_id=day.branch_id, device_class_id=day.device_class_id, on=day.on)
        more = {name: F(name) + getattr(day, name) for name in ("minutes", "sessions", "no_shows")}
        if PatronDay.objects.filter(same, patron=kept).update(**more):
            day.delete()
        else:
            day.patron = kept
            day.save(update_fields=["patron"])
