"""Set-up of what questions are about. Questions are written by their verbs alone and are not here."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpdesk.setup_site import SetupAdmin
from troubleshooting.lifecycle.intake import OTHER
from troubleshooting.models import Category, GuideAnswer


@admin.register(Category)
class CategoryAdmin(SetupAdmin):
    """The defaults that a category gives to a question; its steps are its guide's."""

    list_display = ("name", "code", "tier", "kind", "tally_group", "read_level", "promise_minutes", "is_offered")
    list_filter = ("tier", "kind", "hardware", "is_offered")
    search_fields = ("name", "code")
    ordering = ("position", "name")
    actions = None  # one is deleted at a time, so that the refusal can say why and what to do instead

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code is what the product knows a category by: it is chosen once. What is not sorted yet needs its own."""
        if obj is None:
            return ()
        return ("code", "is_offered") if obj.code == OTHER else ("code",)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuse in one sentence to delete what questions are about, and lead to the tick that hides it."""
        category = self.get_object(request, object_id)
        why = _in_use(category) if category else ""
        if not why:
            return super().delete_view(request, object_id, extra_context)
        messages.error(request, why)
        return HttpResponseRedirect(reverse("admin:troubleshooting_category_change", args=[object_id]))


def _in_use(category: Category) -> str:
    """Return why a category cannot be deleted and what to do instead, '' where it can."""
    if category.code == OTHER:
        return str(_("Questions that nobody has sorted yet need this one, so it stays."))
    asked = category.tickets.count()
    answers = GuideAnswer.objects.filter(step__version__category=category)
    many = asked or answers.values("ticket").distinct().count()
    if not many:
        return ""
    sentence = ngettext(
        "%(many)d question is about “%(name)s”, so it stays. To hide it, untick “Offered for new questions”.",
        "%(many)d questions are about “%(name)s”, so it stays. To hide it, untick “Offered for new questions”.",
        many,
    )
    return sentence % {"many": many, "name": category.label}
