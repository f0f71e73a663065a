"""Set-up of places, staff and cards. What has verbs of its own (policies, rooms, devices, bookings) is not here."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpdesk import clock
from helpdesk.admin import AccountAdmin
from helpdesk.models import User
from helpdesk.roles import actor_of
from helpdesk.setup_site import SetupAdmin, SetupInline
from reservations.forms_setup import CardForm, NewCardForm, OpeningHoursForm, OpeningHoursFormSet
from reservations.kiosks import revoke_kiosk
from reservations.models import (
    Branch,
    Card,
    Closure,
    Kiosk,
    OpeningHours,
    Patron,
    StaffPost,
)

admin.site.unregister(User)


class PostInline(SetupInline):
    model = StaffPost


@admin.register(User)
class StaffAdmin(AccountAdmin):
    """An account with the branches it works at."""

    inlines = (PostInline,)


class OpeningHoursInline(SetupInline):
    model = OpeningHours
    form = OpeningHoursForm
    formset = OpeningHoursFormSet


class ClosureInline(SetupInline):
    model = Closure


@admin.register(Branch)
class BranchAdmin(SetupAdmin):
    list_display = ("name", "slug", "policy", "position")
    list_select_related = ("policy",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (OpeningHoursInline, ClosureInline)

    def view_on_site(self, obj: Branch) -> str:
        """Lead from the branch to its wall display."""
        return reverse("wall", args=[obj.slug])


@admin.register(Closure)
class ClosureAdmin(SetupAdmin):
    list_display = ("on", "branch", "reason")
    list_select_related = ("branch",)
    list_filter = ("branch",)


@admin.register(Kiosk)
class KioskAdmin(SetupAdmin):
    """Paired screens: staff pair them on the screen itself, managers take a pairing back here."""

    can_add = can_change = can_remove = False
    list_display = ("name", "branch", "paired_at", "paired_by", "revoked_at")
    list_select_related = ("branch", "paired_by")
    fields = ("name", "branch", "paired_at", "paired_by", "revoked_at")
    actions = ("revoke",)

    @admin.action(description=_("Take the pairing back"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[Kiosk]) -> None:
        now = clock.now()
        kiosks = [revoke_kiosk(kiosk=kiosk, by=actor_of(request), now=now) for kiosk in queryset]
        sentence = ngettext("%d kiosk must be paired again.", "%d kiosks must be paired again.", len(kiosks))
        messages.success(request, sentence % len(kiosks))


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
