"""What finding needs: the words that questions hold, so that a typo is seen, and searches that staff keep."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_VIEWS = 20  # of one member of staff


class Words(models.Func):
    """The words of text columns as the search compares them: small letters, no accents, no small words.

    `helpdesk` is a text search configuration (migration 0006_search). What joins words in addresses is a blank here,
    so that "gmail" is found in "gmail.com".
    """

    template = "to_tsvector('helpdesk'::regconfig, translate(%(expressions)s, './@:_-', '      '))"
    arg_joiner = " || ' ' || "
    output_field: ClassVar[SearchVectorField] = SearchVectorField()


class SearchWord(models.Model):
    """A word that at least three questions or our own lines hold; `tickets` is in how many questions it stands."""

    word = models.CharField(max_length=40, unique=True)
    tickets = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [GinIndex(name="search_word_parts", fields=["word"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class SavedView(models.Model):
    """A search that a member of staff keeps, for themselves or for all who work at a branch.

    `query` is a query string in the one form that `Filters.query` gives; `place` is its number among the owner's.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    branch = models.ForeignKey("reservations.Branch", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=600, blank=True)
    place = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(name="saved_view_one_of_a_name", fields=["owner", "name"]),
            models.UniqueConstraint(name="saved_view_one_in_a_place", fields=["owner", "place"]),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="saved_view_at_most_twenty", condition=Q(place__gte=1, place__lte=MOST_VIEWS)),
        ]

    def __str__(self) -> str:
        return self.name
