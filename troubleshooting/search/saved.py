"""Searches that staff keep: saved under a name, given another one, deleted; never more than twenty of one person."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from helpdesk.models import User
from troubleshooting.lifecycle import TicketRefused
from troubleshooting.models import SavedView
from troubleshooting.models.search import MOST_VIEWS

ONE_NAME = "saved_view_one_of_a_name"


def views_of(user: User, branch_ids: Collection[int]) -> QuerySet[SavedView]:
    """Return the views of `user` and those that are shared with the branches, the own ones first."""
    own_or_shared = Q(owner=user) | Q(branch_id__in=branch_ids)
    return SavedView.objects.filter(own_or_shared).select_related("owner", "branch").order_by("name", "pk")


@transaction.atomic
def save_view(*, name: str, query: str, branch_id: int | None, by: Actor) -> SavedView:
    """Keep a search under a name of its owner's, shared with a branch where one is given; return it.

    Raises TicketRefused: no_name, too_many_views, name_taken.
    """
    assert by.user_id is not None
    owner = User.objects.select_for_update(no_key=True).get(pk=by.user_id)
    taken = set(owner.saved_views.values_list("place", flat=True))
    place = next((place for place in range(1, MOST_VIEWS + 1) if place not in taken), None)
    if place is None:
        raise TicketRefused("too_many_views", _("You keep 20 searches. Delete one first."))
    view = SavedView(owner=owner, branch_id=branch_id, name=_named(name), query=query, place=place)
    with refused_by(ONE_NAME, _taken(view.name)):
        view.save()
    return view


@transaction.atomic
def rename_view(*, view_id: int, name: str, by: Actor) -> SavedView:
    """Give a view of one's own another name; return it. Raises TicketRefused: no_name, name_taken."""
    view = _own(by).select_for_update().get(pk=view_id)
    view.name = _named(name)
    with refused_by(ONE_NAME, _taken(view.name)):
        view.save(update_fields=["name"])
    return view


@transaction.atomic
def delete_view(*, view_id: int, by: Actor) -> None:
    """Delete a view of one's own; doing it twice changes nothing."""
    _own(by).filter(pk=view_id).delete()


def _own(by: Actor) -> QuerySet[SavedView]:
    return SavedView.objects.filter(owner_id=by.user_id)


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not plain:
        raise TicketRefused("no_name", _("Give the search a name."))
    return plain


def _taken(name: str) -> TicketRefused:
    return TicketRefused("name_taken", _("You have a search with the name %(name)s. Choose another.") % {"name": name})
