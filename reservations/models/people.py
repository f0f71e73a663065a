"""What is known of a patron: an opaque key, an alias and an age band. Never a name, a PIN or a birth date."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AgeBand(models.TextChoices):
    """Bands of library-practice.md section 5; `ages` gives the youngest and oldest age of a band."""

    SMALL_CHILD = "small_child", _("child under 8")  # 0 to 7
    SCHOOL_CHILD = "school_child", _("child from 8")  # 8 to 12
    CHILD = "child", _("child")  # 0 to 12, where the source knows no more
    YOUNG_TEEN = "young_teen", _("teen under 16")  # 13 to 15
    OLDER_TEEN = "older_teen", _("teen from 16")  # 16 and 17
    TEEN = "teen", _("teen")  # 13 to 17, where the source knows no more
    ADULT = "adult", _("adult")  # 18 and older
    UNKNOWN = "unknown", _("unknown")  # treated as adult, library-practice.md section 5


AGES: dict[str, tuple[int, int]] = {
    AgeBand.SMALL_CHILD: (0, 7),
    AgeBand.SCHOOL_CHILD: (8, 12),
    AgeBand.CHILD: (0, 12),
    AgeBand.YOUNG_TEEN: (13, 15),
    AgeBand.OLDER_TEEN: (16, 17),
    AgeBand.TEEN: (13, 17),
    AgeBand.ADULT: (18, 130),
    AgeBand.UNKNOWN: (18, 130),
}


class Source(models.TextChoices):
    """Who said who it is. AWAY: nobody, the library system did not answer and the number alone was taken."""

    LOCAL = "local", _("library card")
    GUEST = "guest", _("guest pass")
    SIP2 = "sip2", _("library system")
    AWAY = "away", _("not checked")
    FAMILY = "family", _("with an adult")  # somebody beside a responsible adult, for one booking


class Patron(models.Model):
    """Made at first sign-in. `key` is an HMAC of the normalised card number under a key outside the database."""

    key = models.CharField(max_length=80, unique=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.LOCAL)
    alias = models.CharField(_("alias"), max_length=16)
    age_band = models.CharField(_("age band"), max_length=12, choices=AgeBand, default=AgeBand.UNKNOWN)
    band_until = models.DateField(_("age band valid until"), null=True, blank=True)
    blocked_until = models.DateTimeField(_("blocked until"), null=True, blank=True)
    walk_up_only_until = models.DateTimeField(_("walk-up only until"), null=True, blank=True)
    valid_until = models.DateTimeField(_("guest pass valid until"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last signed in"))

    class Meta:
        verbose_name = _("patron")
        verbose_name_plural = _("patrons")
        constraints = [
            models.CheckConstraint(name="patron_age_band_known", condition=Q(age_band__in=AgeBand.values)),
            models.CheckConstraint(name="patron_source_known", condition=Q(source__in=Source.values)),
        ]

    def __str__(self) -> str:
        return self.alias

    @property
    def is_guest(self) -> bool:
        return self.source == Source.GUEST

    @property
    def is_unverified(self) -> bool:
        return self.source == Source.AWAY


class PatronKey(models.Model):
    """Another key that leads to the same patron: a second card, the number as typed, the library system's own id."""

    key = models.CharField(max_length=80, unique=True)
    patron = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="keys")

    class Meta:
        verbose_name = _("key of a patron")
        verbose_name_plural = _("keys of patrons")

    def __str__(self) -> str:
        return f"{self.key[:6]}…"


class PatronDay(models.Model):
    """What the rules need of a past day, without seat or clock times; kept as long as the longest active rule.

    `minutes` and `sessions` are those that count toward the limits; `no_shows` are missed bookings of the day.
    """

    patron = models.ForeignKey(Patron, on_delete=models.CASCADE, related_name="days")
    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="+")
    device_class = models.ForeignKey("reservations.DeviceClass", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField(default=0)
    sessions = models.PositiveSmallIntegerField(default=0)
    no_shows = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(name="patron_day_on", fields=["on"])]
        constraints = [
            models.UniqueConstraint(name="patron_day_once", fields=["patron", "branch", "device_class", "on"])
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"


class Card(models.Model):
    """A local library card: who may sign in. The number itself is not kept, the PIN only hashed."""

    key = models.CharField(max_length=80, unique=True)
    pin_hash = models.CharField(max_length=160)
    alias = models.CharField(_("alias"), max_length=16)
    age_band = models.CharField(_("age band"), max_length=12, choices=AgeBand, default=AgeBand.UNKNOWN)
    band_until = models.DateField(_("age band valid until"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta:
        verbose_name = _("library card")
        verbose_name_plural = _("library cards")
        constraints = [
            models.CheckConstraint(name="card_age_band_known", condition=Q(age_band__in=AgeBand.values)),
            models.CheckConstraint(name="card_pin_is_hashed", condition=Q(pin_hash__contains="$")),
        ]

    def __str__(self) -> str:
        return self.alias


class GuestPass(models.Model):
    """A pass from the desk, or from a kiosk where the policy allows; its code is shown once and kept only as a key.

    It stays for a while after its end, so that whoever types it is told so.
    """

    key = models.CharField(max_length=80, unique=True)
    alias = models.CharField(_("alias"), max_length=16)
    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, related_name="guest_passes")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    issued_kiosk = models.ForeignKey("reservations.Kiosk", on_delete=models.SET_NULL, null=True, related_name="+")
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    request_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("guest pass")
        verbose_name_plural = _("guest passes")
        constraints = [
            models.CheckConstraint(
                name="guest_pass_ends_after_issue", condition=Q(valid_until__gt=models.F("issued_at"))
            ),
            models.CheckConstraint(
                name="guest_pass_revoked_after_issue",
                condition=Q(revoked_at=None) | Q(revoked_at__gte=models.F("issued_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.alias

    @property
    def last_at(self) -> datetime:
        """Until when it is good, as people say it: the end of a day is 23:59, any other moment is itself."""
        at_midnight = timezone.localtime(self.valid_until).time() == time(0)
        return self.valid_until - timedelta(minutes=1) if at_midnight else self.valid_until


class SignInTry(models.Model):
    """A wrong sign-in, counted for the throttle (5 a card, 20 a kiosk in ten minutes) and dropped after it."""

    key = models.CharField(max_length=80)
    kiosk = models.ForeignKey("reservations.Kiosk", on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="sign_in_try_key", fields=["key", "at"]),
            models.Index(name="sign_in_try_kiosk", fields=["kiosk", "at"]),
        ]


class KeyFingerprint(models.Model):
    """The patron key's fingerprint: a start with another key is stopped, it would make strangers of everyone."""

    fingerprint = models.CharField(max_length=64)
    only = models.BooleanField(default=True, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(name="key_fingerprint_single", condition=Q(only=True))]
