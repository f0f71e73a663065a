"""Cards beside their patrons: imports of local cards, blocks on a card, and the log of look-ups by staff."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reservations.models.people import AgeBand


class ImportState(models.TextChoices):
    """Where an import stands; only `ready` and `applying` can go on to `done`."""

    READING = "reading", _("is being read")
    READY = "ready", _("has been read, nothing is changed yet")
    APPLYING = "applying", _("is being imported")
    DONE = "done", _("imported")
    DROPPED = "dropped", _("dropped")
    UNFIT = "unfit", _("cannot be read")


OPEN_STATES = [ImportState.READING, ImportState.READY, ImportState.APPLYING]


class CardImport(models.Model):
    """One file of cards. Its rows wait in CardImportRow, keyed and hashed as they were read; the file is not kept.

    `digest` is an HMAC of the content under PATRON_KEY, so that a file of one card cannot be guessed from it.
    `lines` have been read, from there reading goes on; rows that have become cards are gone from CardImportRow.
    `report` holds line numbers and codes of refused lines, never what stands in them.
    """

    State = ImportState

    digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=ImportState, default=ImportState.READING)
    columns = models.JSONField(default=list)  # which of the known columns the file has
    lines = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)  # cards that stand in the file more than once: the last line wins
    report = models.JSONField(default=list)
    counts = models.JSONField(default=dict)  # what the import would do, as reckoned when it was read
    staged = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when something last happened to it
    ended_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("import of cards")
        verbose_name_plural = _("imports of cards")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="card_import_once_at_a_time", fields=["digest"], condition=Q(state__in=OPEN_STATES)
            ),
            models.CheckConstraint(name="card_import_state_known", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="card_import_end_has_a_time",
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | (~Q(state__in=OPEN_STATES) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(name="card_import_not_beyond_itself", condition=Q(applied__lte=F("staged"))),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def percent(self) -> int:
        """How much of the staged rows has become cards."""
        return 100 * self.applied // self.staged if self.staged else 0

    @property
    def only_deletes(self) -> bool:
        """Whether all that it does is to delete cards."""
        return bool(self.counts.get("gone")) and not (self.counts.get("new") or self.counts.get("known"))


class CardImportRow(models.Model):
    """A line of a file on its way to a Card: what a card keeps, and no more. Gone when the import ends."""

    card_import = models.ForeignKey(CardImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    alias = models.CharField(max_length=16)
    pin_hash = models.CharField(max_length=160, blank=True)  # empty keeps the PIN of a card that is here
    age_band = models.CharField(max_length=12, choices=AgeBand, default=AgeBand.UNKNOWN)
    band_until = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    is_removal = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="card_import_row_once", fields=["card_import", "key"]),
            models.CheckConstraint(
                name="card_import_row_pin_is_hashed", condition=Q(pin_hash="") | Q(pin_hash__contains="$")
            ),
            models.CheckConstraint(name="card_import_row_band_known", condition=Q(age_band__in=AgeBand.values)),
        ]

    def __str__(self) -> str:
        return str(self.line)


class BlockReason(models.TextChoices):
    """Why a card is blocked: a list, so that no story about a person grows in a text field."""

    CONDUCT = "conduct", _("behaviour in the library")
    MISUSE = "misuse", _("used by somebody else")
    LOST = "lost", _("reported lost or stolen")
    DAMAGE = "damage", _("damage to a machine")
    TALK = "talk", _("staff need a word with them")


class CardBlock(models.Model):
    """A block on a card, which stays as its story until the purge; Patron.blocked_until is what the rules read."""

    Reason = BlockReason

    patron = models.ForeignKey("reservations.Patron", on_delete=models.CASCADE, related_name="card_blocks")
    reason = models.CharField(_("reason"), max_length=8, choices=BlockReason)
    note = models.CharField(_("note for staff"), max_length=120, blank=True)
    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    blocked_until = models.DateTimeField(_("until"))
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("block on a card")
        verbose_name_plural = _("blocks on cards")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="card_block_reason_known", condition=Q(reason__in=BlockReason.values)),
            models.CheckConstraint(name="card_block_ends_after_it_began", condition=Q(blocked_until__gt=F("made_at"))),
            models.CheckConstraint(
                name="card_block_lifted_after_it_began",
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("made_at")),
            ),
            models.CheckConstraint(
                name="card_block_lifted_has_a_time", condition=Q(lifted_by=None) | Q(lifted_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class LookupWhy(models.TextChoices):
    """Why staff turned a number into a patron."""

    BOOK = "book", _("booking for them")
    ASK = "ask", _("asking about their booking")
    SIGN_IN = "sign_in", _("trouble signing in")
    BLOCK = "block", _("blocking or unblocking the card")


class PatronLookup(models.Model):
    """Staff turned a number into a patron without a PIN: who, when, where, why. The link goes with the branch day."""

    Why = LookupWhy

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="+")
    why = models.CharField(_("why"), max_length=8, choices=LookupWhy)
    patron = models.ForeignKey("reservations.Patron", on_delete=models.SET_NULL, null=True, related_name="+")
    found = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("look-up")
        verbose_name_plural = _("look-ups")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(name="patron_lookup_at", fields=["-at"])]
        constraints = [
            models.CheckConstraint(name="patron_lookup_why_known", condition=Q(why__in=LookupWhy.values)),
            models.CheckConstraint(name="patron_lookup_unknown_is_nobody", condition=Q(found=True) | Q(patron=None)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
