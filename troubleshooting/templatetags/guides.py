"""Tags of the pages that show a guide: its drawings, and where a way ends in words."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from troubleshooting.guides import shape
from troubleshooting.guides.pictures import FILE

register = template.Library()

END_WORDS = {
    shape.SOLVED: _("It works. Save it as fixed."),
    shape.DESK: _("The steps end here. Help as you can, or pass it on."),
    shape.REFERENCE: _("The steps end here: pass it to reference."),
    shape.IT: _("The steps end here: pass it to IT."),
}
END_ICONS = {shape.SOLVED: "check", shape.DESK: "person", shape.REFERENCE: "ask", shape.IT: "tool"}


@register.simple_tag
def picture(name: str, extra_class: str = "") -> SafeString:
    """Return the drawing `name` of static/guides.svg, '' without one; the words of the step say what it shows."""
    if not name:
        return SafeString("")
    classes = f"draw {extra_class}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static(FILE), name)


@register.filter
def end_words(end: str) -> Any:
    """Return what an end asks for, in words."""
    return END_WORDS.get(end, "")


@register.filter
def end_icon(end: str) -> str:
    return END_ICONS.get(end, "dot")
