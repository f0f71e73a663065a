"""A guide: versions of short yes/no steps for a category, and what was answered to its steps on a question."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from troubleshooting.guides.ladder import ANSWERS
from troubleshooting.guides.shape import ASK_LIMIT, DO_LIMIT, ENDS, KEY_LIMIT, Step, Text

ACTORS = ("staff", "patron", "client", "system")
LONGEST_LANGUAGE = 15  # characters of a language's code


class GuideVersion(models.Model):
    """A version of a category's guide: the draft while it has no `published_at`, then never changed again.

    Old versions stay, because answers on questions refer to their steps. `by_user` began the draft, then published it.
    """

    category = models.ForeignKey("troubleshooting.Category", on_delete=models.CASCADE, related_name="guides")
    number = models.PositiveSmallIntegerField(_("version"))
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    is_live = models.BooleanField(default=False)
    by_kind = models.CharField(max_length=8)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_kiosk = models.ForeignKey("reservations.Kiosk", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="guide_version_number_once", fields=["category", "number"]),
            models.UniqueConstraint(name="guide_version_one_live", fields=["category"], condition=Q(is_live=True)),
            models.UniqueConstraint(
                name="guide_version_one_draft", fields=["category"], condition=Q(published_at=None)
            ),
            models.CheckConstraint(
                name="guide_version_live_is_published", condition=Q(is_live=False) | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(name="guide_version_actor_known", condition=Q(by_kind__in=ACTORS)),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.number}"


class GuideStep(models.Model):
    """A step of a version. `yes` and `no` name the next step by its key, or an end; the first position is the entry.

    `texts` are {language: {"do": what to do, "ask": the question}}; `changes` counts the times it was saved.
    """

    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="steps")
    key = models.SlugField(_("short name"), max_length=KEY_LIMIT)
    position = models.PositiveSmallIntegerField(_("order"))
    picture = models.SlugField(_("picture"), max_length=40, blank=True)
    patron = models.BooleanField(_("a patron may do it alone"), default=False)
    yes = models.SlugField(_("after Yes"), max_length=KEY_LIMIT)
    no = models.SlugField(_("after No"), max_length=KEY_LIMIT)
    texts = models.JSONField(_("texts"), default=dict)
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("step of a guide")
        verbose_name_plural = _("steps of guides")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="guide_step_key_once", fields=["version", "key"]),
            models.UniqueConstraint(
                name="guide_step_position_once", fields=["version", "position"], deferrable=Deferrable.IMMEDIATE
            ),
            models.CheckConstraint(name="guide_step_key_is_no_end", condition=~Q(key__in=["", *ENDS])),
            models.CheckConstraint(name="guide_step_leads_somewhere", condition=~Q(yes="") & ~Q(no="")),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        """Refuse texts that are not of the shape that pages read."""
        if not _is_texts(self.texts):
            sentence = _now('Write texts like {"en": {"do": "Look at the tray.", "ask": "Does it print now?"}}.')
            raise ValidationError({"texts": sentence})

    @property
    def shape(self) -> Step:
        """The step as the pure modules know it."""
        texts = {code: Text(text["do"], text["ask"]) for code, text in self.texts.items()}
        return Step(self.key, self.yes, self.no, texts, self.picture, self.patron, self.pk)


def _is_texts(texts: Any) -> bool:
    return isinstance(texts, dict) and all(
        len(code) <= LONGEST_LANGUAGE
        and isinstance(text, dict)
        and set(text) == {"do", "ask"}
        and all(isinstance(each, str) for each in text.values())
        and (len(text["do"]) <= DO_LIMIT and len(text["ask"]) <= ASK_LIMIT)
        for code, text in texts.items()
    )


class GuideAnswer(models.Model):
    """What was answered to a step on a question; the latest answer is the one that stands."""

    ticket = models.ForeignKey("troubleshooting.Ticket", on_delete=models.CASCADE, related_name="answers")
    step = models.ForeignKey(GuideStep, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=8)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=8)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_kiosk = models.ForeignKey("reservations.Kiosk", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(name="guide_answer_figures", fields=["step", "at"], include=["answer"])]
        constraints = [
            models.UniqueConstraint(name="guide_answer_once", fields=["ticket", "step"]),
            models.CheckConstraint(name="guide_answer_known", condition=Q(answer__in=ANSWERS)),
            models.CheckConstraint(name="guide_answer_actor_known", condition=Q(by_kind__in=ACTORS)),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.step_id} {self.answer}"
