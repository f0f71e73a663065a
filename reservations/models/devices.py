"""Classes of devices and the devices of a branch."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk import names
from reservations.needs import NEEDS, lack_word, need_word

if TYPE_CHECKING:
    from helpdesk.models import User


EVERY_SEAT = frozenset({"printing", "sound"})  # what every computer does, unless it is broken there


class DeviceKind(models.TextChoices):
    """What a class is made of; only computers can be booked. Values are those of the taxonomy's asset classes."""

    COMPUTER = "computer", _("computer")
    CATALOGUE = "catalogue", _("catalogue computer")
    PRINTER = "printer", _("printer")
    RELEASE_STATION = "release_station", _("print release station")
    SCANNER = "scanner", _("scanner")
    KIOSK = "kiosk", _("sign-up kiosk")
    NETWORK = "network", _("network")


class DeviceClass(models.Model):
    """Devices of one use: internet PC, 15-minute express, easy access, kids'. Its limits are the policy's ClassRule."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60, validators=[names.visible])
    kind = models.CharField(_("kind"), max_length=16, choices=DeviceKind, default=DeviceKind.COMPUTER)
    bookable = models.BooleanField(_("patrons use it by the minute"), default=True)

    class Meta:
        verbose_name = _("device class")
        verbose_name_plural = _("device classes")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="device_class_only_computers_bookable", condition=Q(bookable=False) | Q(kind="computer")
            ),
            models.CheckConstraint(name="device_class_kind_known", condition=Q(kind__in=DeviceKind.values)),
        ]

    def __str__(self) -> str:
        return self.name


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, user: "User") -> "DeviceQuerySet":
        """Return the devices of the branches `user` works at."""
        if user.serves_all_branches:
            return self
        return self.filter(branch__posts__user=user)

    def bookable(self) -> "DeviceQuerySet":
        """Return the computers that patrons use by the minute."""
        return self.filter(device_class__bookable=True, retired_on=None)


class Device(models.Model):
    """A thing with a label: a seat ("3") or a machine ("Printer 1"). Its state is read from its timeline."""

    branch = models.ForeignKey("reservations.Branch", on_delete=models.PROTECT, related_name="devices")
    device_class = models.ForeignKey(DeviceClass, on_delete=models.PROTECT, related_name="devices")
    area = models.ForeignKey(
        "reservations.Area", on_delete=models.SET_NULL, related_name="devices", null=True, blank=True
    )
    label = models.CharField(
        _("label"),
        max_length=20,
        help_text=_("The number on the seat, or the machine's name."),
        validators=[names.visible],
    )
    place = models.CharField(_("where it stands"), max_length=80, blank=True)
    features = ArrayField(models.SlugField(max_length=30), verbose_name=_("features"), default=list, blank=True)
    lacks = ArrayField(  # what is broken while the rest works: people who do not need it may sit there
        models.SlugField(max_length=30), verbose_name=_("does not work"), default=list, blank=True
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "branch",
                Lower("label"),
                name="device_label_once_per_branch",
                condition=Q(retired_on=None),
                violation_error_message=_("This branch has a device with this label. Choose another one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch} {self.label}"

    @property
    def said(self) -> str:
        """What people say: "Seat 7", "Printer 1"."""
        return gettext("Seat %(number)s") % {"number": self.label} if self.is_seat else self.label

    @property
    def has(self) -> frozenset[str]:
        """What the seat has when all of it works: its features and what every seat can."""
        return frozenset(self.features) | EVERY_SEAT

    @property
    def breakable(self) -> frozenset[str]:
        """What of the seat can stop working, or has: known equipment, no window."""
        return (self.has & NEEDS.keys()) | frozenset(self.lacks)

    @property
    def serves(self) -> frozenset[str]:
        """What somebody may count on here: what the seat has, without what is broken."""
        return self.has - frozenset(self.lacks)

    @property
    def having(self) -> str:
        """What people read of its features: "headset, scanner"."""
        return ", ".join(need_word(feature) for feature in self.features)

    @property
    def lacking(self) -> str:
        """What people read where something is broken: "No printing"."""
        return ", ".join(lack_word(need) for need in self.lacks)

    @property
    def is_seat(self) -> bool:
        return self.label.isdigit()
