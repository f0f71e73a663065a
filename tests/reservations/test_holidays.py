"""Holidays from an iCalendar file: what counties and schools export, and what nobody should."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from reservations.holidays import read_holidays
from reservations.rules.problem import Refused

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 24)


def event(*lines):
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"])


def file(*events):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""]).encode()


def read(*events, today=TODAY):
    return read_holidays(file(*events), today=today, zone=ZONE)


def days(*lines, today=TODAY):
    return [day.on for day in read(event(*lines), today=today).days]


def code(content):
    with pytest.raises(Refused) as refused:
        read_holidays(content, today=TODAY, zone=ZONE)
    return refused.value.codes[0]


def test_a_holiday_has_its_day_and_its_name():
    found = read(event("DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261226", "SUMMARY:Christmas  Day"))
    assert [(day.on, day.name, day.whole) for day in found.days] == [(date(2026, 12, 25), "Christmas Day", True)]


def test_a_break_closes_each_of_its_days_and_its_end_is_not_one_of_them():
    assert days("DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270102", "SUMMARY:Break") == [
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
    ]


def test_a_holiday_that_comes_every_year_is_expanded_for_two_years_only():
    assert days("DTSTART;VALUE=DATE:19700704", "RRULE:FREQ=YEARLY", "SUMMARY:Independence Day") == [
        date(2027, 7, 4),
        date(2028, 7, 4),
    ]


def test_the_fourth_thursday_of_november_is_found():
    rule = "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"
    assert days("DTSTART;VALUE=DATE:19421126", rule)[:2] == [date(2026, 11, 26), date(2027, 11, 25)]


def test_a_leap_day_stays_one():
    assert days("DTSTART;VALUE=DATE:20000229", "RRULE:FREQ=YEARLY") == [date(2028, 2, 29)]


def test_every_second_year_keeps_its_years():
    assert days("DTSTART;VALUE=DATE:20110701", "RRULE:FREQ=YEARLY;INTERVAL=2") == [date(2027, 7, 1)]


def test_exceptions_and_added_days_are_kept():
    lines = ["DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20261208"]
    assert days(*lines, "RDATE;VALUE=DATE:20261224") == [date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 24)]


def test_a_moment_counts_by_the_clock_of_the_branch():
    found = read(event("DTSTART:20261225T050000Z", "DTEND:20261226T050000Z", "SUMMARY:Christmas"))
    assert [(day.on, day.whole) for day in found.days] == [(date(2026, 12, 25), True)]


def test_an_event_of_some_hours_is_told_from_a_whole_day():
    found = read(event("DTSTART;TZID=America/New_York:20261224T140000", "DTEND;TZID=America/New_York:20261224T190000"))
    assert [(day.on, day.whole) for day in found.days] == [(date(2026, 12, 24), False)]


def test_two_events_of_one_day_are_one():
    found = read(event("DTSTART;VALUE=DATE:20261225", "SUMMARY:A"), event("DTSTART;VALUE=DATE:20261225", "SUMMARY:B"))
    assert [day.name for day in found.days] == ["A"]


def test_what_is_over_cancelled_or_unreadable_is_counted():
    found = read(
        event("DTSTART;VALUE=DATE:20251225"),
        event("DTSTART;VALUE=DATE:20261225", "STATUS:CANCELLED"),
        event("DTSTART;VALUE=DATE:2026-12-25"),
        event("SUMMARY:No day"),
        event("DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=SECONDLY"),
        event("DTSTART;VALUE=DATE:20261225", "RRULE:rubbish"),
        event("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY;INTERVAL=2"),
        event("DTSTART;VALUE=DATE:20261226"),
    )
    assert ([day.on for day in found.days], found.over, found.cancelled, len(found.unread)) == (
        [date(2026, 12, 26)], 1, 1, 5,
    )  # fmt: skip


def test_an_event_without_an_end_that_never_takes_place_is_found_out_soon():
    assert days("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30") == []


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\xff\xfe", b"<html>", b"PK\x03\x04", "BEGIN:VCALENDAR".encode("utf-16"), b"BEGIN:VCALENDAR",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR", b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * 5000,
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", b"BEGIN:VCALENDAR\r\n\xff\xff\xff\r\nEND:VCALENDAR",
    ],
)  # fmt: skip
def test_rubbish_is_refused_with_a_sentence(content):
    assert code(content) in {"file_unreadable", "file_no_events", "file_not_utf8"}


def test_files_that_are_too_much_are_refused():
    day = event("DTSTART;VALUE=DATE:20261225")
    assert code(file(*[day] * 1001)) == "file_too_many"
    assert code(b"BEGIN:VCALENDAR\r\n" + b"X:" + b"a" * 1_000_000) == "file_too_large"
    assert code(b"BEGIN:VCALENDAR\r\n" + b"X:1\r\n" * 30_000) == "file_too_many"
    assert code(file(*[event(f"DTSTART;VALUE=DATE:2027{m:02}01", "DURATION:P99D") for m in (1, 4, 7, 10)],
        event("DTSTART;VALUE=DATE:20280201", "DURATION:P99D"))) == "file_too_many"  # fmt: skip


def unread(*events):
    found = read(*events, event("DTSTART;VALUE=DATE:20261226"))
    assert date(2026, 12, 26) in [day.on for day in found.days]
    return [(each.name, each.why) for each in found.unread]


def test_an_event_that_closes_every_day_is_named_and_the_others_are_read():
    assert unread(event("DTSTART;VALUE=DATE:20261124", "RRULE:FREQ=DAILY", "SUMMARY:Story time")) == [
        ("Story time", "It takes more than 400 days.")
    ]


@pytest.mark.parametrize("since", ["20261201", "20260601"])
def test_an_event_longer_than_any_break_is_named_and_not_cut(since):
    found = read(event(f"DTSTART;VALUE=DATE:{since}", "DTEND;VALUE=DATE:20271101", "SUMMARY:Closed for works"))
    assert found.days == []
    assert [(each.name, each.why) for each in found.unread] == [
        ("Closed for works", "It takes more than 100 days at once. Split it up first.")
    ]


def test_a_long_event_that_is_over_is_no_fault_of_the_file():
    found = read(event("DTSTART;VALUE=DATE:20250101", "DTEND;VALUE=DATE:20251101", "SUMMARY:Closed for works"))
    assert (found.days, found.unread, found.over) == ([], [], 1)


def test_a_file_of_another_encoding_is_refused_as_a_list_of_cards_is():
    content = file(event("DTSTART;VALUE=DATE:20261225", "SUMMARY:Jesús")).decode().encode("latin-1")
    assert code(content) == "file_not_utf8"


def test_a_name_holds_no_character_that_cannot_be_kept():
    found = read(event("DTSTART;VALUE=DATE:20261225", "SUMMARY:Christmas\0Day"))
    assert [day.name for day in found.days] == ["Christmas Day"]


def test_an_event_that_cannot_be_read_is_named_in_short():
    assert unread(event("DTSTART;VALUE=DATE:2026-12-25", "SUMMARY:" + "Long " * 20), event("SUMMARY: ")) == [
        ("Long Long Long Long Long Long Long Long…", "Its day, or how it repeats, cannot be read."),
        ("An event without a name", "Its day, or how it repeats, cannot be read."),
    ]


def test_events_that_take_long_to_repeat_are_named_beyond_what_is_bearable():
    slow = [event("DTSTART;VALUE=DATE:19100101", "RRULE:FREQ=DAILY;INTERVAL=900", f"SUMMARY:{n}") for n in range(20)]
    told = unread(*slow)
    assert told[-1] == ("19", "It repeats too often to be read.")
    assert 0 < len(told) < 20


def test_every_cut_of_a_file_is_read_or_refused():
    whole = file(event("DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=YEARLY;COUNT=2", "EXDATE;VALUE=DATE:20271225"))
    codes = set()
    for end in range(len(whole)):
        try:
            read_holidays(whole[:end], today=TODAY, zone=ZONE)
        except Refused as refused:
            codes |= set(refused.codes)
    assert codes == {"file_unreadable", "file_no_events"}
