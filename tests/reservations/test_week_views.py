"""The page of weekly hours: shown, refused at the right time, previewed, saved, copied."""

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.models import Role
from reservations.calendars import calendar_of
from reservations.models import Booking, OpeningHours, SpecialHours
from reservations.rules.week import week_of
from tests import factories as make
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_two(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    return make.make_branch(slug="harbour", policy={"stop_minutes": 10})


@pytest.fixture
def manager():
    client = Client()
    client.force_login(make.make_user(Role.MANAGER))
    return client


def sent(**changed):
    """Return what the page sends: every day from 9 to 19, and what is changed: d0="09:00 12:00 13:00 17:00"."""
    values = {"openings": "2", "do": "preview"}
    for day in range(7):
        times = changed.pop(f"d{day}", "09:00 19:00").split()
        for number in range(0, len(times), 2):
            values[f"opens_{day}_{number // 2}"] = times[number].strip("-")
            values[f"closes_{day}_{number // 2}"] = times[number + 1].strip("-")
    return values | changed


def post(manager, **changed):
    return manager.post(reverse("week-plan", args=["harbour"]), sent(**changed))


def errors(answer):
    """Return the sentences of the form by field."""
    return {name: list(sentences) for name, sentences in answer.context["form"].errors.items()}


def stored(branch):
    return {
        day: [(f"{o:%H:%M}", f"{c:%H:%M}") for o, c in spans] for day, spans in week_of(calendar_of(branch.pk)).items()
    }


def test_the_form_holds_the_hours_as_they_are(manager, branch):
    OpeningHours.objects.filter(branch=branch, weekday=6).delete()
    form = manager.get(reverse("week", args=["harbour"])).context["form"]
    assert (form["opens_0_0"].value(), form["closes_0_0"].value(), form["opens_6_0"].value()) == (
        time(9),
        time(19),
        None,
    )


def test_the_address_without_a_branch_shows_the_first_one(manager, branch):
    assert manager.get(reverse("weeks")).context["branch"] == branch


def test_what_changes_is_shown_and_nothing_is_saved(manager, branch):
    make.make_booking(make.make_device(branch), at(18, day=25), at(18, 40, day=25))
    answer = post(manager, d2="09:00 17:00")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 booking is taken away" in page
    assert "Wednesday" in page.partition('<form class="paper')[0]
    assert stored(branch)[2] == [("09:00", "19:00")]


def test_what_was_shown_is_saved_and_leads_back_to_set_up(manager, branch):
    seen = post(manager, d2="09:00 12:00 13:00 17:00").context["plan"].seen
    answer = post(manager, d2="09:00 12:00 13:00 17:00", do="save", seen=seen)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("set-up"))
    assert stored(branch)[2] == [("09:00", "12:00"), ("13:00", "17:00")]


def test_what_was_not_shown_is_shown_first(manager, branch):
    answer = post(manager, d2="09:00 17:00", do="save")
    assert answer.status_code == 422
    assert answer.context["plan"].weekdays[0].name == "Wednesday"
    assert stored(branch)[2] == [("09:00", "19:00")]


def test_a_booking_that_came_meanwhile_is_shown_before_it_is_taken_away(manager, branch):
    seen = post(manager, d2="09:00 17:00").context["plan"].seen
    row = make.make_booking(make.make_device(branch), at(18, day=25), at(18, 40, day=25))
    answer = post(manager, d2="09:00 17:00", do="save", seen=seen)
    assert (answer.status_code, [hit.row.pk for hit in answer.context["plan"].lost]) == (422, [row.pk])
    assert Booking.objects.open().count() == 1


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ("09:00 --", "closes_0_0"),
        ("-- 19:00", "opens_0_0"),
        ("09:00 09:00", "closes_0_0"),
        ("09:00 13:00 12:00 19:00", "opens_0_1"),
        ("12:00 19:00 09:00 13:00", "opens_0_0"),
        ("09:00 25:00", "closes_0_0"),
        ("nine 19:00", "opens_0_0"),
    ],
)
def test_a_refusal_stands_at_the_time_that_mends_it(manager, branch, times, field):
    answer = post(manager, d0=times)
    assert (answer.status_code, list(errors(answer))) == (422, [field])
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert stored(branch)[0] == [("09:00", "19:00")]


def test_two_refusals_of_one_day_stand_at_two_times(manager, branch):
    answer = post(manager, d0="09:00 20:00 10:00 11:00 12:00 13:00", openings="3")
    assert list(errors(answer)) == ["opens_0_1", "opens_0_2"]


def test_an_opening_in_the_second_column_alone_is_taken_as_it_is(manager, branch):
    answer = post(manager, d0="-- -- 13:00 13:00")
    assert list(errors(answer)) == ["closes_0_1"]


def test_a_night_before_an_earlier_morning_is_said_on_the_morning(manager, branch):
    answer = post(manager, d0="18:00 02:00", d1="01:00 19:00")
    assert errors(answer) == {"opens_1_0": ["The day before is still open then, over midnight. Change one of the two."]}


def test_special_hours_in_the_way_are_named(manager, branch):
    SpecialHours.objects.create(branch=branch, on=at(12, day=27).date(), opens=time(1), closes=time(5))
    answer = post(manager, d3="18:00 02:00")
    said = "These hours overlap the special hours of Fri 27 Nov. Change those first, or these."
    assert errors(answer) == {"opens_3_0": [said]}


@pytest.mark.parametrize(
    ("times", "length"), [("18:00 09:00", "15 hours"), ("19:00 09:30", "14 h 30"), ("21:00 09:00", "12 hours")]
)
def test_a_long_night_is_asked_for_once_more_with_its_length(manager, branch, times, length):
    answer = post(manager, d0=times, d1="-- --")
    assert errors(answer) == {
        "closes_0_0": [f"That is open for {length}, over midnight. Swap the times, or tick below that it is so."]
    }
    assert "Yes, it stays open past midnight" in answer.content.decode()


def test_a_long_night_that_is_meant_is_shown_and_saved(manager, branch):
    ticked = {"d0": "18:00 09:00", "d1": "-- --", "over_midnight": "on"}
    seen = post(manager, **ticked).context["plan"].seen
    assert post(manager, **ticked, do="save", seen=seen).status_code == 302
    assert stored(branch)[0] == [("18:00", "09:00")]


def test_the_question_is_not_on_the_page_while_nothing_is_unlikely(manager, branch):
    assert "over_midnight" not in manager.get(reverse("week", args=["harbour"])).content.decode()


def test_mondays_hours_are_copied_to_friday_and_nothing_is_saved(manager, branch):
    answer = post(manager, d0="08:00 12:00 13:00 20:00", do="copy")
    form = answer.context["form"]
    assert answer.status_code == 200
    assert [form[f"closes_{day}_1"].value() for day in range(7)] == ["20:00"] * 5 + [None] * 2
    assert form["closes_5_0"].value() == "19:00"
    assert stored(branch)[4] == [("09:00", "19:00")]


def test_a_week_without_any_opening_says_what_that_means(manager, branch):
    page = post(manager, **{f"d{day}": "-- --" for day in range(7)}).content.decode()
    assert "Then the branch opens on no day, and nobody can book there." in page


@pytest.mark.parametrize(("asked", "columns"), [("", 2), ("3", 3), ("9", 2), ("x", 2)])
def test_a_third_opening_is_there_where_it_is_asked_for(manager, branch, asked, columns):
    assert manager.get(reverse("week", args=["harbour"]), {"openings": asked}).context["form"].columns == columns


def test_a_day_with_three_openings_shows_them_all(manager, branch):
    OpeningHours.objects.filter(branch=branch, weekday=0).delete()
    for hour in (9, 12, 15):
        OpeningHours.objects.create(branch=branch, weekday=0, opens=time(hour), closes=time(hour + 2))
    form = manager.get(reverse("week", args=["harbour"])).context["form"]
    assert (form.columns, form["closes_0_2"].value()) == (3, time(17))


def test_every_time_has_a_label_inside_the_group_of_its_day(manager, branch):
    page = manager.get(reverse("week", args=["harbour"])).content.decode()
    monday = page.partition("<legend>Monday</legend>")[2].partition("</fieldset>")[0]
    assert monday.count("<label for=") == 4


def test_the_page_takes_as_many_queries_for_many_branches(manager, branch, django_assert_num_queries):
    address = reverse("week", args=["harbour"])
    with django_assert_num_queries(5):
        manager.get(address)
    for _branch in range(3):
        make.make_branch()
    with django_assert_num_queries(5):
        manager.get(address)
