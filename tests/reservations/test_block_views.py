"""The pages of classes, early closing and special days: two steps from the form to what is saved."""

from datetime import date, time
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from helpdesk.models import Role
from reservations.models import Block, Booking, Closure, EarlyClosing, OpeningHours, SpecialHours
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.planning import draft, saved
from tests.reservations.sitting import sitting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_two(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def branch():
    return make.make_branch(policy={"gap_minutes": 0, "stop_minutes": 10})


def signed_in(branch, role=Role.DESK):
    client = Client()
    client.force_login(make.make_user(role, branch))
    return client


@pytest.fixture
def desk(branch):
    return signed_in(branch)


@pytest.fixture
def manager(branch):
    return signed_in(branch, Role.MANAGER)


def sent(ticked, /, **fields):
    plain = {
        "kind": "class", "title": "Spreadsheets", "seats": [seat.pk for seat in ticked], "first_on": "2026-11-24",
        "starts": "16:00", "ends": "18:00", "repeats": "once", "request_key": str(uuid4()), "do": "preview",
    }  # fmt: skip
    return {**plain, **fields}


def post(client, name, branch, data):
    return client.post(reverse(name, args=[branch.slug]), data)


@pytest.mark.parametrize("day", ["2028-11-25", "2062-01-01", "9998-01-01", "9999-12-31"])
@pytest.mark.parametrize("repeats", [{}, {"repeats": "week", "times": "3"}])
def test_a_class_out_of_reach_is_refused_with_the_last_day(desk, branch, day, repeats):
    answer = post(desk, "block-plan", branch, sent([make.make_device(branch)], first_on=day, **repeats))
    assert answer.status_code == 422
    assert "That is more than two years ahead. Choose a day until Fri 24 Nov 2028." in answer.content.decode()


def test_a_series_beyond_two_years_says_the_day_as_people_do(desk, branch):
    answer = post(
        desk, "block-plan", branch, sent([make.make_device(branch)], repeats="week", until="2030-01-01", times="")
    )
    assert "Let it end on Fri 24 Nov 2028 or before." in answer.content.decode()


def test_one_tick_takes_all_seats_of_an_area_and_each_is_ticked_afterwards(desk, branch):
    area = make.make_area(branch)
    inside = [make.make_device(branch, area=area) for _ in range(2)]
    outside = make.make_device(branch)
    shown = post(desk, "block-plan", branch, sent([], areas=[area.pk]))
    assert {seat.pk for seat in shown.context["plan"].devices} == {seat.pk for seat in inside}
    page = shown.content.decode()
    assert [f'value="{seat.pk}" checked' in page for seat in (*inside, outside)] == [True, True, False]
    assert f"All of {area.name}" in page


def test_a_class_without_any_seat_is_refused_at_the_seats(desk, branch):
    make.make_device(branch)
    answer = post(desk, "block-plan", branch, sent([]))
    assert (answer.status_code, "Choose a seat at least." in answer.content.decode()) == (422, True)


def test_a_class_is_shown_and_then_saved(desk, branch):
    seats = [make.make_device(branch) for _ in range(2)]
    make.make_booking(seats[0], at(16, 30), at(17))
    form = sent(seats[:1], repeats="week", times="3")
    shown = post(desk, "block-plan", branch, form)
    assert shown.status_code == 200
    assert f"moves to Seat {seats[1].label}" in shown.content.decode()
    assert not Block.objects.exists()
    answer = post(desk, "block-plan", branch, {**form, "do": "save", "seen": shown.context["plan"].seen})
    block = Block.objects.get()
    assert answer.headers["Location"] == reverse("block", args=[block.pk])
    assert (block.rule, block.bookings.count()) == ("FREQ=WEEKLY;COUNT=3", 3)


def test_days_are_left_out_and_seats_taken_as_the_page_says(desk, branch):
    seat = make.make_device(branch)
    row = make.make_booking(seat, at(16, 30), at(17))
    form = sent([seat], repeats="week", times="3", left_out=["2026-12-01"], **{"do-2026-11-24": "take"})
    shown = post(desk, "block-plan", branch, form)
    post(desk, "block-plan", branch, {**form, "do": "save", "seen": shown.context["plan"].seen})
    row.refresh_from_db()
    assert row.outcome == "displaced"
    assert [each.start.day for each in Booking.objects.filter(kind="class").order_by("period")] == [24, 8]
    assert Block.objects.get().left_out == [date(2026, 12, 1)]


def test_what_changed_since_it_was_shown_is_shown_again(desk, branch):
    seat = make.make_device(branch)
    form = sent([seat])
    shown = post(desk, "block-plan", branch, form)
    make.make_booking(seat, at(16, 30), at(17))
    answer = post(desk, "block-plan", branch, {**form, "do": "save", "seen": shown.context["plan"].seen})
    assert answer.status_code == 422
    assert "no other seat is free" in answer.content.decode()
    assert not Block.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"repeats": "week"}, "Say until which day, or how often"),
        ({"seats": []}, "Choose a seat at least"),
        ({"title": "Call 29990000000017"}, "Leave out names"),
        ({"starts": "noon"}, "Type the time like 15:00"),
        ({"starts": "15:00", "ends": "14:00"}, "“To” must be after “From”"),
        ({"starts": "15:00", "ends": "15:00", "also_closed": "on"}, "“To” must be after “From”"),
        ({"repeats": "own", "rule": "FREQ=WEEKLY"}, "Choose one of the shown"),
        ({"first_on": "2026-11-20"}, "The first day is over"),
    ],
)
def test_a_form_that_cannot_be_read_says_what_to_do(desk, branch, fields, said):
    answer = post(desk, "block-plan", branch, sent([make.make_device(branch)], **fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_class_goes_on_after_midnight_only_where_the_branch_is_open_then(desk, branch):
    form = sent([make.make_device(branch)], starts="22:00", ends="01:00")
    assert post(desk, "block-plan", branch, form).status_code == 422
    OpeningHours.objects.filter(branch=branch, weekday=1).update(closes=time(2))
    OpeningHours.objects.filter(branch=branch, weekday=2).update(opens=time(9))
    shown = post(desk, "block-plan", branch, form)
    assert (shown.status_code, len(shown.context["plan"].rows)) == (200, 1)


def test_where_no_day_is_left_saving_is_not_offered(desk, branch):
    shown = post(desk, "block-plan", branch, sent([make.make_device(branch)], starts="20:00", ends="21:00"))
    page = shown.content.decode()
    assert "There is no day to save." in page
    assert 'value="save"' not in page


def test_a_manager_may_type_a_rule_and_an_endless_one_is_refused(manager, branch):
    answer = post(manager, "block-plan", branch, sent([make.make_device(branch)], repeats="own", rule="FREQ=WEEKLY"))
    assert (answer.status_code, answer.context["problems"][0].code) == (422, "rule_endless")


def test_the_fourth_tuesday_is_made_from_the_list(desk, branch):
    form = sent([make.make_device(branch)], repeats="month", until="2027-02-28")
    shown = post(desk, "block-plan", branch, form)
    assert [each.on.isoformat() for each in shown.context["plan"].occurrences] == [
        "2026-11-24", "2026-12-22", "2027-01-26", "2027-02-23",
    ]  # fmt: skip


def test_the_list_and_the_page_show_what_is_to_come(desk, branch, django_assert_max_num_queries):
    block = saved(branch, draft([make.make_device(branch)], "FREQ=WEEKLY;COUNT=3")).block
    with django_assert_max_num_queries(12):
        listed = desk.get(reverse("blocks-branch", args=[branch.slug]))
    assert "Spreadsheets" in listed.content.decode()
    page = desk.get(reverse("block", args=[block.pk])).content.decode()
    assert "Tue 1 Dec 2026" in page
    desk.post(reverse("block-leave-out", args=[block.pk]), {"on": "2026-12-01"})
    assert block.bookings.filter(ended_at=None).count() == 2
    desk.post(reverse("block-call-off", args=[block.pk]), {"reason": "Teacher is ill"})
    assert not block.bookings.filter(ended_at=None).exists()


def test_a_series_is_changed_from_a_day_on(desk, branch):
    seat = make.make_device(branch)
    block = saved(branch, draft([seat], "FREQ=WEEKLY;COUNT=3")).block
    page = desk.get(reverse("block-change", args=[block.pk]), {"since": "2026-12-01"})
    first = page.context["form"].initial
    assert (first["repeats"], first["until"], first["first_on"]) == ("week", date(2026, 12, 8), date(2026, 12, 1))
    form = sent([seat], first_on="2026-12-01", starts="10:00", ends="12:00", repeats="week", until="2026-12-08")
    url = reverse("block-change-plan", args=[block.pk])
    shown = desk.post(url, {**form, "since": "2026-12-01"})
    desk.post(url, {**form, "since": "2026-12-01", "do": "save", "seen": shown.context["plan"].seen})
    hours = Booking.objects.open().order_by("period").values_list("period__startswith__hour", flat=True)
    assert list(hours) == [16, 10, 10]


def test_a_day_that_was_left_out_stays_left_out_when_the_series_is_changed(desk, branch):
    seat = make.make_device(branch)
    block = saved(branch, draft([seat], "FREQ=WEEKLY;COUNT=3", left_out=[date(2026, 12, 1)])).block
    page = desk.get(reverse("block-change", args=[block.pk])).content.decode()
    assert '<input type="hidden" name="left_out" value="2026-12-01">' in page
    form = sent([seat], repeats="week", times="3", ends="17:00", left_out=["2026-12-01"], since="2026-11-24")
    shown = desk.post(reverse("block-change-plan", args=[block.pk]), form).content.decode()
    assert shown.count('value="2026-12-01"') == 1
    assert 'name="left_out" value="2026-12-01" checked' in shown


def test_a_day_outside_the_series_is_not_listed_as_left_out(desk, branch):
    form = sent([make.make_device(branch)], repeats="week", times="3", left_out=["2026-12-01", "2026-12-02"])
    assert post(desk, "block-plan", branch, form).context["out"] == []


def test_a_day_is_brought_back_from_the_page_of_the_series(desk, branch):
    seat = make.make_device(branch)
    block = saved(branch, draft([seat], "FREQ=WEEKLY;COUNT=3", left_out=[date(2026, 12, 1)])).block
    assert "Bring back" in desk.get(reverse("block", args=[block.pk])).content.decode()
    desk.post(reverse("block-bring-back", args=[block.pk]), {"on": "2026-12-01"})
    assert block.bookings.filter(ended_at=None).count() == 3
    assert "Bring back" not in desk.get(reverse("block", args=[block.pk])).content.decode()


def test_closing_early_is_shown_saved_and_taken_back(desk, branch):
    seat = make.make_device(branch)
    row = sitting(seat, end=at(16))
    form = {"closes_at": "15:00", "reason": "Storm", "do": "preview"}
    shown = post(desk, "close-early-plan", branch, form)
    assert "14:50 instead of 16:00" in shown.content.decode()
    post(desk, "close-early-plan", branch, {**form, "do": "save", "seen": shown.context["plan"].seen})
    row.refresh_from_db()
    assert row.end == at(14, 50)
    page = desk.get(reverse("close-early", args=[branch.slug])).content.decode()
    assert "Today we close at 15:00" in page
    done = desk.post(reverse("close-early-undo", args=[EarlyClosing.objects.get().pk]))
    row.refresh_from_db()
    assert row.end == at(16)
    assert "1 booking has its old times again." in done.content.decode()


def test_a_closing_within_the_stop_says_that_computers_stop_at_once(desk, branch):
    sitting(make.make_device(branch), end=at(16))
    shown = post(desk, "close-early-plan", branch, {"closes_at": "14:08", "reason": "Storm", "do": "preview"})
    page = shown.content.decode()
    assert "14:08 instead of 16:00" in page
    assert "The computers stop at once; who sits has a minute to save their work." in page


def test_a_closing_in_the_past_is_refused_with_the_next_step(desk, branch):
    answer = post(desk, "close-early-plan", branch, {"closes_at": "10:00", "reason": "Storm", "do": "preview"})
    assert (answer.status_code, answer.context["problems"][0].code) == (422, "past")


def test_a_plan_that_cannot_be_says_the_next_step_and_nothing_of_lifting(manager, branch):
    answer = post(manager, "special-plan", branch, {"on": "2026-11-01", "what": "closed", "reason": "Holiday"})
    said = answer.content.decode()
    assert 'data-code="past"' in said
    assert "refuse__rules" not in said


def test_a_manager_plans_a_closed_day_and_takes_it_off(manager, branch):
    make.make_booking(make.make_device(branch), at(10, day=26), at(11, day=26))
    form = {"on": "2026-11-26", "what": "closed", "reason": "Holiday", "do": "preview"}
    shown = post(manager, "special-plan", branch, form)
    assert "1 booking is taken away" in shown.content.decode()
    post(manager, "special-plan", branch, {**form, "do": "save", "seen": shown.context["seen"]})
    assert Closure.objects.get().branch == branch
    again = post(manager, "special-remove", branch, {"on": "2026-11-26"})
    assert "1 booking stands again" in again.content.decode()
    assert Closure.objects.exists()
    post(manager, "special-remove", branch, {"on": "2026-11-26", "do": "save", "seen": again.context["seen"]})
    assert not Closure.objects.exists()


def test_a_day_is_taken_off_and_named_and_nothing_is_said_where_nothing_was(manager, branch):
    Closure.objects.create(branch=branch, on=date(2026, 11, 26), reason="Holiday")
    answers = [
        manager.post(reverse("special-remove", args=[branch.slug]), {"on": "2026-11-26"}, follow=True).content.decode()
        for _time in range(2)
    ]
    assert "Thu 26 is not special any more. Every screen tells it." in answers[0]
    assert "There was nothing to take off that day." in answers[1]
    assert "day is saved" not in answers[1]


@pytest.mark.parametrize(
    ("what", "said"), [({"what": "closed"}, "Save the closed day"), ({"what": "hours"}, "Save the hours")]
)
def test_the_button_says_what_is_saved(manager, branch, what, said):
    form = {"on": "2026-11-26", "opens": "10:00", "closes": "12:00", "reason": "Fair", **what}
    assert f">{said}</button>" in post(manager, "special-plan", branch, form).content.decode()


def test_a_closed_day_of_all_branches_shows_what_it_gives_back_before_it_is_taken_off(manager, branch):
    make.make_booking(make.make_device(branch), at(10, day=26), at(11, day=26))
    form = {"on": "2026-11-26", "what": "closed", "reason": "Holiday", "everywhere": "on", "do": "preview"}
    shown = post(manager, "special-plan", branch, form)
    post(manager, "special-plan", branch, {**form, "do": "save", "seen": shown.context["seen"]})
    off = {"on": "2026-11-26", "everywhere": "on"}
    again = post(manager, "special-remove", branch, off)
    assert "1 booking stands again" in again.content.decode()
    stale = post(manager, "special-remove", branch, {**off, "do": "save", "seen": "x"})
    assert (stale.status_code, Closure.objects.count()) == (422, 1)
    post(manager, "special-remove", branch, {**off, "do": "save", "seen": again.context["seen"]})
    assert not Closure.objects.exists()


def test_special_hours_that_take_something_away_when_they_go_are_shown_first(manager, branch):
    SpecialHours.objects.create(branch=branch, on=date(2026, 11, 26), opens=time(9), closes=time(21))
    make.make_booking(make.make_device(branch), at(20, day=26), at(20, 30, day=26))
    shown = post(manager, "special-remove", branch, {"on": "2026-11-26"})
    assert "1 booking is taken away" in shown.content.decode()
    assert SpecialHours.objects.exists()
    post(manager, "special-remove", branch, {"on": "2026-11-26", "do": "save", "seen": shown.context["seen"]})
    assert not SpecialHours.objects.exists()


def test_a_long_special_night_is_asked_for_once_more_and_then_shown(manager, branch):
    form = {"on": "2026-11-26", "what": "hours", "opens": "12:00", "closes": "09:00", "reason": "Fair"}
    asked = post(manager, "special-plan", branch, form)
    assert asked.status_code == 422
    assert asked.context["form"].errors["closes"][0].startswith("That is open for 21 hours, over midnight.")
    assert "Yes, it stays open past midnight" in asked.content.decode()
    assert post(manager, "special-plan", branch, {**form, "over_midnight": "on"}).status_code == 200


CALENDAR = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\n\
RRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20261224T190000Z\r\nDTEND:20261224T200000Z\r\n\
SUMMARY:Party\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


def uploaded(client, branch, content):
    return post(client, "special-file", branch, {"file": SimpleUploadedFile("holidays.ics", content)})


def test_events_of_a_file_that_cannot_be_read_are_named_as_plain_text(manager, branch):
    page = uploaded(manager, branch, CALENDAR.replace(b"Party", b"<b>Party</b>").replace(b"20261224T19", b"x"))
    assert "<b>&lt;b&gt;Party&lt;/b&gt;</b>: Its day, or how it repeats, cannot be read." in page.content.decode()
    assert [each.day.name for each in page.context["found"]] == ["Christmas"] * 2


def test_holidays_of_a_file_are_chosen_and_saved_for_all_branches(manager, branch):
    make.make_branch()
    found = uploaded(manager, branch, CALENDAR).context["found"]
    assert [(each.day.on.isoformat(), each.ticked) for each in found] == [
        ("2026-12-24", False), ("2026-12-25", True), ("2027-12-25", True),
    ]  # fmt: skip
    form = {"days": [each.value for each in found if each.ticked], "everywhere": "on", "do": "preview"}
    shown = post(manager, "special-import", branch, form)
    assert not Closure.objects.exists()
    post(manager, "special-import", branch, {**form, "do": "save", "seen": shown.context["seen"]})
    assert list(Closure.objects.values_list("branch", "on", "reason")) == [
        (None, date(2026, 12, 25), "Christmas"), (None, date(2027, 12, 25), "Christmas"),
    ]  # fmt: skip
    again = uploaded(manager, branch, CALENDAR).context["found"]
    assert [each.known for each in again] == ["", "Christmas", "Christmas"]


@pytest.mark.parametrize("content", [b"", b"rubbish", b"BEGIN:VCALENDAR\r\n" + b"a" * 1_000_001])
def test_a_file_that_is_no_calendar_is_refused_in_words(manager, branch, content):
    answer = uploaded(manager, branch, content)
    assert answer.status_code == 422
    assert "Choose" in answer.content.decode()


def test_a_day_with_a_character_that_cannot_be_kept_is_passed_over(manager, branch):
    form = {"days": ["2026-12-25 Christ\0mas", "2026-12-26 Boxing Day"], "do": "save"}
    seen = post(manager, "special-import", branch, {**form, "do": "preview"}).context["seen"]
    assert post(manager, "special-import", branch, {**form, "seen": seen}).status_code == 302
    assert [row.on for row in Closure.objects.all()] == [date(2026, 12, 26)]


def test_days_that_are_made_up_are_passed_over(manager, branch):
    assert post(manager, "special-import", branch, {"days": ["rubbish", "2026-99-99 x"]}).status_code == 422
    assert post(manager, "special-import", branch, {}).status_code == 422


def test_a_class_is_not_called_off_without_a_reason(desk, branch):
    block = saved(branch, draft([make.make_device(branch)])).block
    answer = desk.post(reverse("block-call-off", args=[block.pk]), {"reason": " "})
    block.refresh_from_db()
    assert (answer.status_code, block.ended_at) == (422, None)
