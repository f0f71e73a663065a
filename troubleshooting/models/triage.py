"""What the suggestion has learned: one model is in use, the rows of others tell why they were kept out or replaced."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TriageModel(models.Model):
    """A model made from the shipped lines and the library's own tickets. `body` is what `Model.stored` returns.

    `right_before` and `right_now` are counts on the same held-out lines: tier, category, category among three.
    A row that is not in use has no body, so that no words are kept for longer than they serve.
    """

    made_at = models.DateTimeField(_("made"))
    by_kind = models.CharField(max_length=8)
    in_use = models.BooleanField(_("in use"))
    tickets = models.PositiveIntegerField(_("tickets learned from"))
    checked_on = models.PositiveIntegerField(_("held-out lines"))
    right_before = models.JSONField(default=dict)
    right_now = models.JSONField(default=dict)
    kept_out = models.CharField(_("kept out because"), max_length=200, blank=True)
    body = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("model of suggestions")
        verbose_name_plural = _("models of suggestions")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="triage_model_one_in_use", fields=["in_use"], condition=Q(in_use=True)),
            models.CheckConstraint(
                name="triage_model_body_only_in_use", condition=Q(in_use=True) & ~Q(body={}) | Q(in_use=False, body={})
            ),
            models.CheckConstraint(name="triage_model_in_use_was_let_in", condition=Q(in_use=False) | Q(kept_out="")),
            models.CheckConstraint(
                name="triage_model_actor_known", condition=Q(by_kind__in=["staff", "patron", "client", "system"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
