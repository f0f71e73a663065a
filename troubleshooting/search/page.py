"""What the search page shows: what was found, what stands beside it, the kept searches. Nine queries at most."""

from datetime import datetime
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

from helpdesk.models import User
from reservations.public import branches_for
from troubleshooting.bulk import CATEGORY, VERBS, ticked_in
from troubleshooting.models import Category, SavedView
from troubleshooting.search.asked import asked
from troubleshooting.search.filters import SearchForm
from troubleshooting.search.forms import RenameForm, SaveForm
from troubleshooting.search.questions import find_questions
from troubleshooting.search.saved import views_of
from troubleshooting.search.sources import beside


class SearchPage:
    """The search that `sent` asks for, as `user` sees it at `now`."""

    def __init__(self, user: User, sent: QueryDict, now: datetime) -> None:
        self.user, self.sent, self.now = user, sent, now
        self.branches = branches_for(user)
        self.categories = list(Category.objects.all())
        self.form = SearchForm(sent, branches=self.branches, categories=self.categories)
        self.filters = self.form.filters()

    def context(
        self, *, saving: SaveForm | None = None, renaming: tuple[int, RenameForm] | None = None
    ) -> dict[str, Any]:
        """Return what the page shows; `saving` and `renaming` are forms that were refused."""
        wanted = asked(self.filters, self.categories, _number(self.sent.get("before", "")))
        found = find_questions(wanted, self.user, self.now)
        here = self.filters.query
        return {
            "tab": "search",
            "form": self.form,
            "narrowed": self.filters.narrows or bool(self.form.errors),
            "asked": wanted,
            "found": found,
            "groups": beside(wanted, self.user),
            "here": f"{reverse('search')}?{here}",
            "query": here,
            "ticked": ticked_in(self.sent),
            "views": self._views(renaming),
            "saving": saving or self.save_form(),
            "verbs": [verb for verb in VERBS.items() if verb[0] != CATEGORY],
            "categories": self.categories,
        }

    def save_form(self, data: Any = None) -> SaveForm:
        """Return the form that keeps this search."""
        return SaveForm(data, branches=self.branches, categories=self.categories)

    def _views(self, renaming: tuple[int, RenameForm] | None) -> list[dict[str, Any]]:
        rows = views_of(self.user, [branch.pk for branch in self.branches])
        return [
            {
                "view": view,
                "url": f"{reverse('search')}?{view.query}",
                "is_here": view.query == self.filters.query,
                "mine": view.owner_id == self.user.pk,
                "form": renaming[1] if renaming and renaming[0] == view.pk else RenameForm({"name": view.name}),
                "refused": bool(renaming and renaming[0] == view.pk),
            }
            for view in sorted(rows, key=lambda view: view.owner_id != self.user.pk)
        ]


def own_view(user: User, pk: int) -> SavedView:
    """Return a view of `user`'s own, else Http404."""
    view = SavedView.objects.filter(owner=user, pk=pk).first()
    if view is None:
        raise Http404
    return view


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
