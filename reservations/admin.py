"""Set-up of places, rules, devices and cards. Bookings are written by their verbs alone and are not here."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpdesk import clock
from helpdesk.admin import AccountAdmin
from helpdesk.models import User
from helpdesk.roles import actor_of
from helpdesk.setup_site import SetupAdmin, SetupInline
from reservations.forms_setup import CardForm, NewCardForm, OpeningHoursFormSet
from reservations.kiosks import revoke_kiosk
from reservations.models import (
    Area,
    Branch,
    Card,
    Closure,
    Device,
    DeviceClass,
    Kiosk,
    OpeningHours,
    Patron,
    Policy,
    StaffPost,
)
from reservations.presets import PRESETS, preset_with

admin.site.unregister(User)


class PostInline(SetupInline):
    model = StaffPost


@admin.register(User)
class StaffAdmin(AccountAdmin):
    """An account with the branches it works at."""

    inlines = (PostInline,)


class OpeningHoursInline(SetupInline):
    model = OpeningHours
    formset = OpeningHoursFormSet


class AreaInline(SetupInline):
    model = Area


class ClosureInline(SetupInline):
    model = Closure


@admin.register(Branch)
class BranchAdmin(SetupAdmin):
    list_display = ("name", "slug", "policy", "position")
    list_select_related = ("policy",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (OpeningHoursInline, AreaInline, ClosureInline)


LENGTHS = (
    "session_minutes",
    "day_minutes",
    "day_scope",
    "sessions_a_day",
    "week_minutes",
    "break_minutes",
    "missed_count",
)
GUESTS = ("guests_allowed", "guest_session_minutes", "guest_day_minutes", "staff_below_age")
AHEAD = ("ahead", "horizon_days", "horizon_unit", "open_bookings", "start_every_minutes")
MISSED = (
    "grace_minutes",
    "least_left_minutes",
    "no_shows",
    "no_show_days",
    "no_show_result",
    "no_show_penalty_days",
)
ROOM = ("min_slot_minutes", "gap_minutes", "stop_minutes", "last_booking_minutes", "claim_minutes")
BENDING = (
    "extension",
    "extension_minutes",
    "extensions_most",
    "extension_counts",
    "soft_landing_minutes",
    "help_minutes",
    "resume_minutes",
    "warning_minutes",
)


@admin.register(Policy)
class PolicyAdmin(SetupAdmin):
    """Rules of branches; a new one can start from what a named library publishes."""

    list_display = (
        "name",
        "session_minutes",
        "day_minutes",
        "guest_day_minutes",
        "horizon_days",
        "open_bookings",
        "grace_minutes",
    )
    fieldsets = (
        (None, {"fields": ("name", "source")}),
        (_("How long"), {"fields": LENGTHS}),
        (_("Guests and ages"), {"fields": GUESTS}),
        (_("Ahead"), {"fields": AHEAD}),
        (_("Late or missed"), {"fields": MISSED}),
        (_("The room"), {"fields": ROOM}),
        (_("Time that bends"), {"fields": BENDING}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "presets": PRESETS})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill the form of a new policy from the preset named in the address."""
        preset = preset_with(request.GET.get("preset", ""))
        return dict(preset.columns()) if preset else {}


@admin.register(DeviceClass)
class DeviceClassAdmin(SetupAdmin):
    list_display = ("name", "code", "kind", "bookable")
    prepopulated_fields = {"code": ("name",)}


@admin.register(Device)
class DeviceAdmin(SetupAdmin):
    list_display = ("label", "branch", "device_class", "area", "place", "retired_on")
    list_select_related = ("branch", "device_class", "area__branch")
    list_filter = ("branch", "device_class")
    search_fields = ("label", "place")
    ordering = ("branch__position", "position", "pk")


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
    """Who has signed in, by alias: to block a card from booking. What they did is nowhere shown."""

    can_add = can_remove = False
    list_display = ("alias", "source", "age_band", "blocked_until", "walk_up_only_until")
    list_filter = ("source",)
    search_fields = ("alias",)
    fields = ("alias", "source", "age_band", "blocked_until", "walk_up_only_until")
    readonly_fields = ("alias", "source", "age_band")
