"""Set-up of staff and cards as plain tables. What has verbs of its own is not here: places, rules, bookings."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from helpdesk.admin import AccountAdmin
from helpdesk.models import User
from helpdesk.setup_site import SetupAdmin, SetupInline
from reservations.forms_setup import CardForm, NewCardForm, PostFormSet
from reservations.models import Card, Patron, StaffPost

admin.site.unregister(User)


class PostInline(SetupInline):
    model = StaffPost
    formset = PostFormSet
    extra = 1


@admin.register(User)
class StaffAdmin(AccountAdmin):
    """An account with the branches it works at."""

    inlines = (PostInline,)


@admin.register(Card)
class CardAdmin(SetupAdmin):
    """Local library cards: the number and the PIN go in once and are never shown again."""

    list_display = ("alias", "age_band", "band_until", "expires_on")
    list_filter = ("age_band",)
    search_fields = ("alias",)
    form = CardForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        secrets = ("pin",) if obj else ("number", "pin")
        return (*secrets, "age_band", "band_until", "expires_on")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewCardForm
        return super().get_form(request, obj, change=change, **kwargs)


@admin.register(Patron)
class PatronAdmin(SetupAdmin):
    """Who has signed in, by alias. What they did is nowhere shown; a card is blocked at the desk."""

    can_add = can_remove = False
    list_display = ("alias", "source", "age_band", "blocked_until", "walk_up_only_until")
    list_filter = ("source",)
    search_fields = ("alias",)
    fields = ("alias", "source", "age_band", "blocked_until", "walk_up_only_until")
    readonly_fields = ("alias", "source", "age_band", "blocked_until")  # a block has its own verb, with a reason
