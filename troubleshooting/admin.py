"""Set-up of what questions are about. Questions are written by their verbs alone and are not here."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpdesk.setup_site import SetupAdmin
from troubleshooting.models import Category

if TYPE_CHECKING:
    CategoryModelForm = forms.ModelForm[Category]
else:
    CategoryModelForm = forms.ModelForm


class LinesField(forms.CharField):
    """A list of short texts, typed one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class CategoryForm(CategoryModelForm):
    first_fixes = LinesField(label=_("First fixes, in order, one a line"), required=False, max_length=2000)

    class Meta:
        model = Category
        fields = "__all__"


@admin.register(Category)
class CategoryAdmin(SetupAdmin):
    """The defaults that a category gives to a question."""

    form = CategoryForm
    list_display = ("name", "code", "tier", "kind", "tally_group", "read_level", "promise_minutes", "hardware")
    list_filter = ("tier", "kind", "hardware")
    search_fields = ("name", "code")
    ordering = ("position", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code is what the product knows a category by: it is chosen once."""
        return ("code",) if obj else ()
