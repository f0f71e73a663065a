"""A question: logged once, moved by the verbs of lifecycle/, told by its events."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from troubleshooting.models.category import Kind, Tier
from troubleshooting.models.guide import GuideAnswer, GuideVersion
from troubleshooting.models.search import Words

if TYPE_CHECKING:
    from helpdesk.models import User

TEXT_LIMIT = 2000  # characters of a question's text; a longer text is refused, never cut
PART_LIMIT = 80  # characters that say what a half of a split question is about, or to whom it was referred
SETTLED_AT = 2  # so many bounces, and a question stops moving


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("claimed")
    DONE = "done", _("done")


class Channel(models.TextChoices):
    DESK = "desk", _("at the desk")
    SEAT = "seat", _("at the seat")
    KIOSK = "kiosk", _("from the kiosk")
    PHONE = "phone", _("by phone")
    CHAT = "chat", _("by chat")
    SYSTEM = "system", _("by the system")


class Duration(models.TextChoices):
    """Buckets of library-practice.md section 2.4."""

    UNDER_1 = "under_1", _("under 1")
    TO_5 = "to_5", _("1 to 5")
    TO_15 = "to_15", _("5 to 15")
    TO_30 = "to_30", _("15 to 30")
    OVER_30 = "over_30", _("over 30")


class Outcome(models.TextChoices):
    ANSWERED = "answered", _("Answered")
    FIXED = "fixed", _("Fixed")
    REFERRED = "referred", _("Referred on")
    DECLINED = "declined", _("Not ours")
    NO_ANSWER = "no_answer", _("No answer")
    WITHDRAWN = "withdrawn", _("Withdrawn")  # by the patron, or a tally taken back: not counted


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: "User") -> "TicketQuerySet":
        """Return the questions of the branches `user` works at; the tech sees IT's of all branches."""
        if user.serves_all_branches:
            return self
        return self.filter(branch__posts__user=user)

    def open(self) -> "TicketQuerySet":
        return self.exclude(state=State.DONE)

    def at_tier(self, tier: int) -> "TicketQuerySet":
        return self.filter(tier=tier)

    def called(self) -> "TicketQuerySet":
        """Return what patrons asked themselves: at a kiosk, or through the help address of a seat."""
        return self.filter(asked_by_patron())

    def with_guide(self) -> "TicketQuerySet":
        """Add what a page shows of a guide without a query more: `live_guide` and `answered`.

        The live version is {"pk", "since"}; answers, oldest first, are {"pk", "since", "step", "answer", "by", "who"}.
        """
        live = GuideVersion.objects.filter(category=OuterRef("category"), is_live=True).order_by()
        answers = GuideAnswer.objects.filter(ticket=OuterRef("pk")).order_by("at", "pk")
        version = {"pk": "step__version", "since": "step__version__published_at"}
        said = JSONObject(**version, step="step", answer="answer", by="by_kind", who="by_user__username")
        return self.annotate(
            live_guide=Subquery(live.values(said=JSONObject(pk="pk", since="published_at"))[:1]),
            answered=ArraySubquery(answers.values(said=said)),
        )

    def counted(self) -> "TicketQuerySet":
        """Return what counts in figures: everything but withdrawn questions."""
        return self.exclude(outcome=Outcome.WITHDRAWN)


def asked_by_patron() -> Q:
    """Return the condition that a patron asked it: at a kiosk, or through the help address of a seat."""
    logged = TicketEvent.objects.filter(ticket=OuterRef("pk"), what="logged", by_kind="patron")
    return Q(channel=Channel.KIOSK) | Q(Exists(logged), channel=Channel.SEAT)


_Manager = models.Manager.from_queryset(TicketQuerySet)


class TicketManager(_Manager["Ticket"]):
    """Reads questions without their search words, which only the database compares."""

    def get_queryset(self) -> TicketQuerySet:
        return super().get_queryset().defer("words")  # type: ignore[return-value]


class Ticket(models.Model):
    """`tier` is who has it now; `holds_device`: this fault keeps its device out of booking until it ends.

    `lacks`: only these do not work there ("printing"); the device stays in use for who does not need them.
    `bounces` counts how often it was passed on after the first time; at SETTLED_AT it stops and its owner keeps it.
    `split_from` is the question of which this is a half, and `part` what a half is about ("The printer").
    `rests_until`: parked, or kept by its owner, until then; read, never ticked. `came_at` is when the present promise
    was made and `reached_at` when somebody first took it up under that promise.
    """

    branch = models.ForeignKey("reservations.Branch", on_delete=models.PROTECT, related_name="tickets")
    category = models.ForeignKey(
        "troubleshooting.Category",
        on_delete=models.PROTECT,
        related_name="tickets",
        verbose_name=_("category"),
    )
    device = models.ForeignKey(
        "reservations.Device", on_delete=models.PROTECT, related_name="tickets", null=True, blank=True
    )
    tier = models.PositiveSmallIntegerField(_("level"), choices=Tier)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    channel = models.CharField(_("how it came"), max_length=8, choices=Channel, default=Channel.DESK)
    text = models.CharField(_("what they need"), max_length=TEXT_LIMIT, blank=True)
    answer = models.CharField(_("what helped"), max_length=TEXT_LIMIT, blank=True)
    others_too = models.BooleanField(_("others have it too"), default=False)
    holds_device = models.BooleanField(default=False)
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="halves")
    part = models.CharField(_("what this half is about"), max_length=PART_LIMIT, blank=True)
    lacks = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_tickets",
    )
    opened_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    box_answered_at = models.DateTimeField(null=True, blank=True)
    bounces = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    referred_to = models.CharField(_("referred to"), max_length=PART_LIMIT, blank=True)
    duration = models.CharField(_("how long"), max_length=8, choices=Duration, blank=True)
    read_level = models.PositiveSmallIntegerField(_("READ level"), null=True, blank=True)
    counts_as_reference = models.BooleanField(_("counts as a reference transaction"), default=False)
    step = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)
    words = models.GeneratedField(
        expression=Words("text", "answer"), output_field=SearchVectorField(), db_persist=True, editable=False
    )

    objects = TicketManager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(name="ticket_open", fields=["tier", "branch", "promised_at"], condition=~Q(state="done")),
            models.Index(name="ticket_day", fields=["branch", "opened_at"]),
            models.Index(name="ticket_came", fields=["branch", "came_at"]),
            models.Index(name="ticket_device_open", fields=["device"], condition=~Q(state="done")),
            GinIndex(name="ticket_words", fields=["words"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="ticket_done_has_time_and_outcome",
                condition=Q(state="done", done_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="done") & Q(done_at=None, outcome=""),
            ),
            models.CheckConstraint(
                name="ticket_claim_has_owner_and_time",
                condition=~Q(state="claimed") | Q(owner__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_waiting_has_no_owner",
                condition=~Q(state="waiting") | Q(owner=None, claimed_at=None),
            ),
            models.CheckConstraint(name="ticket_tier_known", condition=Q(tier__in=Tier.values)),
            models.CheckConstraint(name="ticket_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="ticket_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="ticket_outcome_known", condition=Q(outcome__in=["", *Outcome.values])),
            models.CheckConstraint(name="ticket_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="ticket_duration_known", condition=Q(duration__in=["", *Duration.values])),
            models.CheckConstraint(
                name="ticket_read_level_in_scale",
                condition=Q(read_level=None) | Q(read_level__gte=1, read_level__lte=6),
            ),
            models.CheckConstraint(
                name="ticket_only_device_faults_hold",
                condition=Q(holds_device=False) | Q(device__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_ends_after_it_began", condition=Q(done_at=None) | Q(done_at__gte=F("opened_at"))
            ),
            models.CheckConstraint(
                name="ticket_settled_has_an_owner",
                condition=Q(bounces__lt=SETTLED_AT) | Q(state="done") | Q(owner__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_is_no_half_of_itself", condition=Q(split_from=None) | ~Q(split_from=F("pk"))
            ),
            models.CheckConstraint(name="ticket_done_rests_no_more", condition=~Q(state="done") | Q(rests_until=None)),
            models.UniqueConstraint(
                Coalesce("split_from", "id"),
                name="ticket_halves_count_once",
                condition=Q(counts_as_reference=True) & ~Q(outcome="withdrawn"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> int:
        """The number people say: "fault 118"."""
        return self.pk

    @property
    def title(self) -> str:
        return self.text or self.category.label

    @property
    def is_fault(self) -> bool:
        return self.tier == Tier.IT

    @property
    def is_settled(self) -> bool:
        """It was passed on once too often: it stops moving, and its owner keeps it."""
        return self.bounces >= SETTLED_AT

    @property
    def whole_id(self) -> int:
        """The question that was split, of which this is a half; its own id where nothing was split."""
        return self.split_from_id or self.pk

    def rests(self, now: datetime) -> bool:
        """Return whether it is parked, or kept for later, at `now`."""
        return self.rests_until is not None and self.rests_until > now


class TicketEvent(models.Model):
    """One line of a question's story, written by every verb."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    text = models.CharField(max_length=TEXT_LIMIT, blank=True)
    from_tier = models.PositiveSmallIntegerField(null=True, blank=True)
    to_tier = models.PositiveSmallIntegerField(null=True, blank=True)
    by_kind = models.CharField(max_length=8)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_kiosk = models.ForeignKey("reservations.Kiosk", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="ticket_event_actor_known",
                condition=Q(by_kind__in=["staff", "patron", "client", "system"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.what}"
