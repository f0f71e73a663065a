"""What a question is about: the taxonomy of library-practice.md section 6, editable by managers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Tier(models.IntegerChoices):
    """Who can solve it (library-practice.md section 6)."""

    SELF_HELP = 0, _("Self-help")
    DESK = 1, _("Desk")
    REFERENCE = 2, _("Reference")
    IT = 3, _("IT")


class Kind(models.TextChoices):
    """How it is counted (library-practice.md section 2.3); policy questions are directional."""

    DIRECTIONAL = "directional", _("Directional")
    TECH_HELP = "tech_help", _("Tech help")
    REFERENCE = "reference", _("Reference")


class TallyGroup(models.TextChoices):
    """The seven tally buttons of the desk, in the order of their keys, and what none of them counts."""

    DIRECTIONS = "directions", _("Directions")
    PRINTING = "printing", _("Printing")
    COMPUTER = "computer", _("Computer help")
    WIFI = "wifi", _("Wi-Fi")
    ACCOUNT = "account", _("Card, sign-in")
    REFERENCE = "reference", _("Reference")
    PHONE = "phone", _("Phone")
    OTHER = "other", _("Something else")


BUTTONS = tuple(group for group in TallyGroup if group != TallyGroup.OTHER)


class CategoryQuerySet(models.QuerySet["Category"]):
    def offered(self) -> "CategoryQuerySet":
        """Return what a new question can be about."""
        return self.filter(is_offered=True)


class Category(models.Model):
    """A category gives a question its defaults; staff change each with one tap.

    `promise_minutes` is the time to reach the patron (reference) or to fix (IT), in opening time. `box_minutes`: after
    so long at the desk staff are asked once how to go on.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    tier = models.PositiveSmallIntegerField(_("usual level"), choices=Tier, default=Tier.DESK)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.TECH_HELP)
    tally_group = models.CharField(_("tally"), max_length=12, choices=TallyGroup, default=TallyGroup.COMPUTER)
    read_level = models.PositiveSmallIntegerField(
        _("usual READ level"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    counts_as_reference = models.BooleanField(_("counts as a reference transaction"), default=False)
    hardware = models.BooleanField(_("a fault of this kind takes the device out of booking"), default=False)
    promise_minutes = models.PositiveIntegerField(_("promised minutes"), default=5)
    box_minutes = models.PositiveSmallIntegerField(
        _("minutes at the desk before it asks how to go on"), default=5, validators=[MinValueValidator(1)]
    )
    policy_line = models.CharField(_("what we may not do"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(
        _("offered for new questions"),
        default=True,
        help_text=_("Untick it instead of deleting: its questions keep it, nobody is offered it any more."),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(name="category_tier_known", condition=Q(tier__in=Tier.values)),
            models.CheckConstraint(name="category_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="category_tally_known", condition=Q(tally_group__in=TallyGroup.values)),
            models.CheckConstraint(
                name="category_read_level_in_scale",
                condition=Q(read_level=None) | Q(read_level__gte=1, read_level__lte=6),
            ),
            models.CheckConstraint(name="category_box_has_a_length", condition=Q(box_minutes__gte=1)),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, where the catalogue knows it."""
        return gettext(self.name)

    @property
    def policy(self) -> str:
        """What we may not do, in the reader's language."""
        return gettext(self.policy_line) if self.policy_line else ""
