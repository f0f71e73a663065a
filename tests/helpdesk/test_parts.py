"""The shared tags and partials."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from helpdesk.context import product
from helpdesk.templatetags import parts
from reservations.rules.problem import Problem

NOW = datetime(2026, 11, 24, 19, 7, tzinfo=UTC)  # 14:07 on a Tuesday in the branch's time zone


@pytest.fixture(autouse=True)
def _branch_time(settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"


class QuestionForm(forms.Form):
    question = forms.CharField(label="What do they need?", help_text="No names", widget=forms.Textarea)
    scope = forms.ChoiceField(
        label="Who has it", choices=[("one", "Only this one")], widget=forms.RadioSelect, required=False
    )


def seat(**changes: Any) -> SimpleNamespace:
    values: dict[str, Any] = {"number": "3", "state": "use", "word": "In use", "icon": "person", "url": "/seat/3/"}
    values |= {"detail": "34 min left", "extra": "D31", "level": 34, "ribbon": [{"kind": "book", "x": 53, "width": 60}]}
    return SimpleNamespace(**(values | changes))


def tag(source: str, **context: Any) -> str:
    return Template("{% load parts %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (34.9, "34 min"), (60, "1 hour"), (90, "1 h 30"), (65, "1 h 05"), (120, "2 hours"), (-3, "0 min")],
)
def test_a_duration_is_said_in_minutes_and_hours(minutes: float, words: str) -> None:
    assert parts.duration(minutes) == words


@pytest.mark.parametrize(("minutes", "words"), [(3.2, "4 min"), (10, "10 min"), (10.1, "15 min"), (56, "1 hour")])
def test_an_estimate_is_rounded_up(minutes: float, words: str) -> None:
    assert parts.about(minutes) == words


def test_a_time_is_shown_in_branch_time() -> None:
    assert parts.clock_time(NOW) == "14:07"


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(timedelta(), "today"), (timedelta(days=1), "tomorrow"), (timedelta(days=3), "Fri 27"),
     (timedelta(days=20), "Mon 14 Dec"), (timedelta(days=50), "Wed 13 Jan 2027"),
     (timedelta(hours=9, minutes=52), "today"), (timedelta(hours=10), "tomorrow")],
)  # fmt: skip
def test_a_day_is_said_by_the_branch_day(ahead: timedelta, words: str) -> None:
    assert tag("{% day_word moment %}", moment=NOW + ahead, now=NOW) == words


def test_an_icon_says_nothing_to_a_screen_reader() -> None:
    assert '<svg class="i" aria-hidden="true"' in parts.icon("lamp")
    assert parts.icon("lamp").endswith('icons.svg#i-lamp"/></svg>')


@pytest.mark.parametrize(("name", "turns"), [("left", True), ("right", True), ("undo", True), ("lamp", False)])
def test_only_arrows_turn_where_a_script_runs_from_the_right(name: str, turns: bool) -> None:
    assert ("i--turns" in parts.icon(name)) is turns


def test_the_look_knows_no_left_and_no_right() -> None:
    sided = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|(?:text-align|float|clear): *(?:left|right)|[{;]\s*(?:left|right):"
    )
    corners = re.compile(r"(?:padding|margin|border-radius): *(?:[^;\s]+ +){3}[^;\s]+;")
    found = []
    for file in (settings.BASE_DIR / "static" / "css").glob("*.css"):
        text = re.sub(r"\([^()]*\)", "()", file.read_text(encoding="utf-8"))
        found += [f"{file.name}: {match[0]}" for match in sided.finditer(text)]
        found += [f"{file.name}: {match[0]}" for match in corners.finditer(text)]
    assert found == []


def test_the_level_chip_fills_as_many_stairs_as_the_level_is_high() -> None:
    chip = tag("{% tier 2 %}")
    assert chip.count('class="on"') == 3
    assert "Reference" in chip


def test_drawings_keep_their_decimal_point_in_every_language() -> None:
    with translation.override("es"):
        assert 'x="11.5"' in tag("{% tier 2 %}")


def test_a_seat_shows_number_word_and_ribbon() -> None:
    html = render_to_string("parts/seat.html", {"seat": seat()})
    assert 'id="seat-3" data-state="use"' in html
    assert "In use" in html
    assert '<rect class="rb-book" x="53" y="4" width="60" height="4"/>' in html


def test_the_spine_of_a_seat_in_use_drains_from_the_top() -> None:
    html = render_to_string("parts/seat.html", {"seat": seat()})
    assert '<rect x="0" y="26" width="1" height="34"/>' in html


def test_a_field_with_an_error_is_tied_to_hint_and_error() -> None:
    html = tag("{% part_field form.question %}", form=QuestionForm({}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_question-hint id_question-error"' in html
    assert 'id="id_question-error"' in html
    assert 'id="id_question-hint"' in html


def test_one_choice_of_few_is_a_named_group_of_radios() -> None:
    html = tag("{% part_field form.scope %}", form=QuestionForm())
    assert 'role="group" aria-labelledby="id_scope-legend"' in html
    assert html.count('type="radio"') == 1


def test_what_a_person_typed_is_escaped() -> None:
    html = tag("{% part_field form.question %}", form=QuestionForm({"question": "<script>"}))
    assert "<script>" not in html


def test_a_refusal_draws_its_sum_and_says_what_works() -> None:
    problem = Problem(
        "day_limit",
        "Does not fit.",
        "Minutes a day",
        "2 hours",
        sums={"used": 90, "left": 30, "over": 30, "limit": 120},
    )
    offer = SimpleNamespace(
        title="16:30 to 17:00", detail="Seat 3", verb="Book 30 minutes", url="/b/", fields={"device": 3}
    )
    html = render_to_string("parts/kno.html", {"problems": [problem], "best": offer, "can_take": True})
    assert "Does not fit." in html
    assert '<rect class="used" x="0" y="1" width="360"' in html
    assert 'name="device" value="3"' in html
    assert "Book 30 minutes" in html


def test_a_desk_refusal_names_the_rule_and_no_moment_that_cannot_be_taken() -> None:
    problem = Problem("hours", "The branch is closed.", "Opening hours", "19:00", next_at=NOW + timedelta(days=1))
    html = render_to_string("parts/refuse.html", {"problems": [problem], "now": NOW})
    assert "This works" not in html
    assert "Opening hours: 19:00" in html


def test_a_refused_plan_says_its_sentence_and_no_rule() -> None:
    problem = Problem("file_unreadable", "This is no calendar.", "Calendar file", "400", lift_by="")
    html = render_to_string("parts/refuse.html", {"problems": [problem], "set_up": True})
    assert "This is no calendar." in html
    assert "Calendar file" not in html


def test_the_shared_context_asks_for_no_user_where_there_is_no_session_cookie() -> None:
    request = RequestFactory().get("/")
    assert product(request)["menu"] == []


def test_the_shared_context_asks_for_no_user_on_a_kiosk(settings: Any) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "anything"
    request.kiosk = SimpleNamespace()  # type: ignore[attr-defined]
    assert product(request)["menu"] == []
