"""Tags and filters of the shared parts: icons, times in words, level stairs, fields."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import words
from helpdesk.toasts import undo_of

register = template.Library()
register.filter("undo_of", undo_of)

LEVEL_WORDS = (gettext_lazy("Self-help"), gettext_lazy("Desk"), gettext_lazy("Reference"), gettext_lazy("IT"))
RIBBON_TOPS = {"use": 0, "out": 0, "wait": 0, "class": 2, "book": 4, "clean": 6}  # of 8 units
TURNING = {"left", "right", "undo", "arrow-exit"}  # pictures of a way: mirrored where a script runs from the right
STAIRS = ((0.5, 10, 4), (6, 7, 7), (11.5, 4, 10), (17, 1, 13))  # x, y, height of each step in a 22x14 box


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """Return the icon `name` of static/icons.svg; it says nothing, a word stands beside it."""
    classes = " ".join(part for part in ("i", "i--turns" if name in TURNING else "", extra_class) if part)
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', classes, static("icons.svg"), name
    )


@register.filter
def clock_time(moment: datetime | None) -> str:
    """Return branch time as 14:20, or '' for None."""
    return words.clock(moment) if moment else ""


@register.simple_tag(takes_context=True)
def day_word(context: template.Context, moment: datetime | None) -> str:
    """Return today, tomorrow or "Wed 25": the branch day of `moment`, seen from the context's `now`."""
    return _day(moment, context["now"]) if moment else ""


@register.simple_tag(takes_context=True)
def day_and_time(context: template.Context, moment: datetime | None) -> str:
    """Return "today 14:20", "tomorrow 09:00" or "Wed 25 10:30"."""
    return f"{_day(moment, context['now'])} {words.clock(moment)}" if moment else ""


@register.simple_tag(takes_context=True)
def last_day(context: template.Context, until: datetime) -> str:
    """Return what holds until a midnight by its last day: "Tue 1 Dec"."""
    return words.last_day(until, context["now"])


def _day(moment: datetime, now: datetime) -> str:
    return words.day(timezone.localtime(moment).date(), timezone.localtime(now).date())


@register.filter
def duration(minutes: float | None) -> str:
    """Return whole minutes in words: 34 min, 1 hour, 1 h 30."""
    return "" if minutes is None else words.length(minutes)


@register.filter
def about(minutes: float | None) -> str:
    """Return an estimate in words: rounded up to the minute, above 10 to the next 5 minutes."""
    return "" if minutes is None else words.length(words.round_up(minutes))


@register.simple_tag
def ribbon_bar(kind: str, x: float, width: float) -> SafeString:
    """Return one bar of a seat's ribbon; the kind sets its height, so that grey print still reads."""
    y = RIBBON_TOPS.get(kind, 0)
    return format_html('<rect class="rb-{}" x="{}" y="{}" width="{}" height="{}"/>', kind, str(x), y, str(width), 8 - y)


@register.simple_tag
def level_bar(level: float) -> SafeString:
    """Return the part of a spine that has not drained yet: `level` of 60."""
    left = min(60, max(0, round(level)))
    return format_html('<rect x="0" y="{}" width="1" height="{}"/>', 60 - left, left)


@register.inclusion_tag("parts/tier.html")
def tier(level: int, shape: str = "") -> dict[str, Any]:
    """Render the level chip: four stairs filled up to `level` (0 to 3). `shape`: flat, on, or nothing."""
    stairs = [
        {"x": str(x), "y": y, "height": height, "on": step <= level} for step, (x, y, height) in enumerate(STAIRS)
    ]
    return {"level": level, "word": LEVEL_WORDS[level], "stairs": stairs, "shape": shape}


@register.inclusion_tag("parts/field.html")
def part_field(field: BoundField, hint: str = "", wide: bool = False) -> dict[str, Any]:
    """Render a bound field: label above, hint below, an error tied to its input.

    One choice of few becomes a `.pick`, a tick box a `.check`; the rest an `.input`.
    """
    help_text = hint or field.help_text
    notes = ([f"{field.auto_id}-hint"] if help_text else []) + ([f"{field.auto_id}-error"] if field.errors else [])
    attrs: dict[str, Any] = {"aria-describedby": " ".join(notes)} if notes else {}
    if field.errors:
        attrs["aria-invalid"] = "true"
    kind = _field_kind(field)
    if kind == "input":
        attrs["class"] = f"input {field.field.widget.attrs.get('class', '')}".strip()
    if isinstance(field.field.widget, Textarea):
        attrs.setdefault("rows", field.field.widget.attrs.get("rows", 2))
    control = field.as_widget(attrs=attrs) if kind != "pick" else ""
    return {"field": field, "kind": kind, "control": control, "help_text": help_text, "wide": wide}


def _field_kind(field: BoundField) -> str:
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        return "pick"
    return "check" if isinstance(field.field.widget, CheckboxInput) else "input"


@register.inclusion_tag("parts/drain.html")
def drain(left: float, whole: float) -> dict[str, Any]:
    """Render a countdown bar: `left` of `whole` minutes."""
    share = min(1.0, max(0.0, left / whole)) if whole > 0 else 0.0
    return {"width": round(600 * share), "left": left}


@register.inclusion_tag("parts/sum.html")
def sum_bar(sums: dict[str, int]) -> dict[str, Any]:
    """Render the sum of a refusal: minutes `used`, `left` and `over` side by side, on one scale of 600 units."""
    said = {"used": _("used"), "left": _("left"), "over": _("too much")}
    parts = [(kind, sums[kind]) for kind in said if sums.get(kind, 0) > 0]
    scale = 600 / (sum(minutes for _kind, minutes in parts) or 1)
    bars, x = [], 0
    for kind, minutes in parts:
        width = round(minutes * scale)
        bars.append({"kind": kind, "x": x, "width": width, "minutes": minutes, "word": said[kind]})
        x += width
    return {"bars": bars}
