"""Personal data around cards and its end: staged imports, look-ups, blocks, ended guest passes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.actor import SYSTEM
from helpdesk.registry import PurgeEntry
from reservations.calendars import calendars_of
from reservations.cards.importing import drop_import
from reservations.models import Branch, CardBlock, CardImport, GuestPass, PatronLookup
from reservations.models.cards import OPEN_STATES

STAGED_FOR = timedelta(hours=24)  # since something last happened to an import
IMPORTS_FOR = timedelta(days=90)
LOOKUPS_FOR = timedelta(days=90)
BLOCKS_FOR = timedelta(days=90)  # after a block has ended
PASSES_FOR = timedelta(hours=48)  # after a pass has ended, so that it says so


def forget_staged_cards(now: datetime, dry_run: bool) -> int:
    """Drop imports that nobody has gone on with for a day; return how many."""
    left = CardImport.objects.filter(state__in=OPEN_STATES, moved_at__lt=now - STAGED_FOR).order_by("pk")
    if dry_run:
        return left.count()
    return len([drop_import(card_import=each, by=SYSTEM, now=now) for each in left])


@transaction.atomic
def forget_imports(now: datetime, dry_run: bool) -> int:
    """Delete what is kept of imports that ended long ago; return how many."""
    old = CardImport.objects.filter(ended_at__lt=now - IMPORTS_FOR)
    return old.count() if dry_run else old.delete()[0]


def forget_lookup_links(now: datetime, dry_run: bool) -> int:
    """Cut the link from a look-up to its patron once its branch day is over; return how many links."""
    cut = 0
    for branch_id, calendar in calendars_of(list(Branch.objects.values_list("pk", flat=True))).items():
        began = calendar.day_bounds(calendar.branch_day(now))[0]
        past = PatronLookup.objects.filter(branch_id=branch_id, patron__isnull=False, at__lt=began)
        cut += past.count() if dry_run else past.update(patron=None)
    return cut


@transaction.atomic
def forget_lookups(now: datetime, dry_run: bool) -> int:
    """Delete look-ups that are too old to be asked about; return how many."""
    old = PatronLookup.objects.filter(at__lt=now - LOOKUPS_FOR)
    return old.count() if dry_run else old.delete()[0]


@transaction.atomic
def forget_blocks(now: datetime, dry_run: bool) -> int:
    """Delete blocks that ended, or were lifted, long ago; return how many."""
    since = now - BLOCKS_FOR
    old = CardBlock.objects.filter(Q(blocked_until__lt=since) | Q(lifted_at__lt=since))
    return old.count() if dry_run else old.delete()[0]


@transaction.atomic
def forget_guest_passes(now: datetime, dry_run: bool) -> int:
    """Delete guest passes that ended or were taken back some time ago; return how many."""
    since = now - PASSES_FOR
    ended = GuestPass.objects.filter(Q(valid_until__lte=since) | Q(revoked_at__lte=since))
    return ended.count() if dry_run else ended.delete()[0]


ENTRIES = (
    PurgeEntry(
        "guest-pass",
        _("key of a guest pass"),
        _("signing in without a card, and saying that a pass has ended"),
        _("48 hours after its end"),
        forget_guest_passes,
    ),
    PurgeEntry(
        "card-import-rows",
        _("keys, hashed PINs and age bands of cards that are about to be imported"),
        _("importing a file of cards without keeping the file"),
        _("until they are imported, at most 24 hours"),
        forget_staged_cards,
    ),
    PurgeEntry(
        "card-import",
        _("who imported cards when, how many, and the numbers of refused lines"),
        _("finding out what an import did"),
        _("90 days"),
        forget_imports,
    ),
    PurgeEntry(
        "lookup-link",
        _("which patron a member of staff looked up without a PIN"),
        _("acting for them, and answering for it on the same day"),
        _("until the branch day ends"),
        forget_lookup_links,
    ),
    PurgeEntry(
        "lookup",
        _("which member of staff looked somebody up, when, where and why"),
        _("answering for look-ups"),
        _("90 days"),
        forget_lookups,
    ),
    PurgeEntry(
        "card-block",
        _("blocks on a card: reason, note, until when, by whom"),
        _("keeping a card from booking, and answering for it"),
        _("at most 90 days after the block has ended"),
        forget_blocks,
    ),
)
