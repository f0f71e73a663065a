"""The set-up site: Django's admin for managers alone, with the refusals of the database as sentences."""

import logging
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from helpdesk.db import constraint_of
from helpdesk.models import Role

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline

log = logging.getLogger(__name__)


def is_manager(request: HttpRequest) -> bool:
    """Return whether an active manager asks; the flags of Django's own permissions play no part."""
    return request.user.is_active and getattr(request.user, "role", "") == Role.MANAGER


class SetupSite(admin.AdminSite):
    """Sign-in is that of the product; other roles are refused."""

    site_header = _("Set-up")
    site_title = _("Set-up")
    index_title = _("Accounts, computers, single cards, kinds of questions")

    def has_permission(self, request: HttpRequest) -> bool:
        return is_manager(request)

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the product's own sign-in, and a manager on to the pages; refuse other roles."""
        if self.has_permission(request):
            return HttpResponseRedirect(resolve_url("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))


class ManagersMixin:
    """What a manager may do to the rows of a model or an inline."""

    can_add = True
    can_change = True
    can_remove = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_manager(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_manager(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.can_add and is_manager(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.can_change and is_manager(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.can_remove and is_manager(request)


class SetupAdmin(ManagersMixin, ModelAdmin):
    """A model of the set-up."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer the form; where the database refuses what the form let pass, say so and write nothing.

        Forms check every constraint first, so this is for two people who save at once and rows that change places.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            log.warning("set-up form refused by %s", constraint_of(error) or "the database")
            sentence = gettext("Nothing was saved: it does not go together with what is saved already.")
            messages.error(request, sentence)
            return HttpResponseRedirect(request.get_full_path())


class SetupInline(ManagersMixin, TabularInline):
    """Rows edited on the page of what they belong to."""

    extra = 0
