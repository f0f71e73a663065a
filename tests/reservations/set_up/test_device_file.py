"""A file of devices: what each line would do and why not, then all of it at once, as it was shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations.models import Area, Device, DeviceClass
from reservations.rules import Refused
from reservations.set_up import device_import
from reservations.set_up.device_file import MOST_BYTES, MOST_LINES, lines_of, text_of
from reservations.set_up.device_import import import_devices, preview_file
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.set_up.managing import manager, order, two_areas

pytestmark = pytest.mark.django_db
HEAD = "label,class,area,place,has"


@pytest.fixture
def branch():
    make.make_class(code="internet", name="Internet computer")
    make.make_class(code="express", name="Quick stop")
    return make.make_branch()


def text(*lines, head=HEAD):
    return "\n".join([head, *lines])


@pytest.mark.parametrize(("kept", "typed"), [("9", "Seat 9"), ("9", "seat 9"), ("Printer 1", "printer 1")])
def test_a_line_that_names_a_device_in_other_letters_is_that_device(branch, kept, typed):
    make.make_device(branch, label=kept, kind=DeviceClass.objects.get(code="internet"))
    saved(branch, f"{typed},internet,,by the door,")
    assert [(each.label, each.place) for each in Device.objects.all()] == [(kept, "by the door")]


def plan(branch, *lines, head=HEAD):
    return preview_file(branch, text(*lines, head=head), now=NOW)


def saved(branch, *lines, head=HEAD, seen=None):
    seen = plan(branch, *lines, head=head).seen if seen is None else seen
    words = text(*lines, head=head)
    return import_devices(branch_id=branch.pk, text=words, seen=seen, by=manager(), now=NOW)


def why(branch, *lines, head=HEAD):
    """Return why the last line is refused."""
    step = plan(branch, *lines, head=head).steps[-1]
    assert step.what == "refused"
    return " ".join(step.words)


def device(label):
    return Device.objects.get(label=label, retired_on=None)


def test_a_line_becomes_a_device_in_its_area(branch):
    two_areas(branch)
    saved(branch, "9,internet,Window row,by the door,headset scanner")
    assert order(branch)["Window row"] == ["1", "2", "3", "9"]
    assert (device("9").place, device("9").features) == ("by the door", ["headset", "scanner"])


def test_reading_changes_nothing_and_says_what_each_line_would_do(branch):
    two_areas(branch)
    found = plan(branch, "1,internet,Window row,,", "1,express,,,", "2,express,Window row,,", "8,internet,Studio,,")
    assert [step.what for step in found.steps] == ["same", "refused", "change", "add"]
    assert found.steps[2].words == ("class: Internet computer, then Quick stop",)
    assert (found.new_areas, found.saves, Device.objects.count(), Area.objects.count()) == (["Studio"], 2, 5, 2)


def test_areas_that_are_not_here_are_added_behind_the_others_each_once(branch):
    two_areas(branch)
    saved(branch, "8,internet,Studio,,", "9,internet,studio,,", "10,internet,WINDOW ROW,,")
    assert order(branch)["Studio"] == ["8", "9"]
    assert list(order(branch)) == ["Window row", "Long table", "Studio"]


def test_an_area_that_only_a_refused_line_names_is_not_added(branch):
    found = plan(branch, "8,unknown,Studio,,")
    assert (found.new_areas, found.refused) == ([], 1)


def test_a_column_that_is_left_out_changes_nothing_and_an_empty_cell_clears(branch):
    area = make.make_area(branch)
    make.make_device(branch, label="7", area=area, place="by the door", features=["headset"])
    saved(branch, "7,by the window", head="label,place")
    seat = device("7")
    assert (seat.area, seat.place, seat.features) == (area, "by the window", ["headset"])
    saved(branch, "7,,,", head="label,area,place,has")
    seat = device("7")
    assert (seat.area, seat.place, seat.features) == (None, "", [])


def test_classes_are_found_by_code_and_by_name(branch):
    saved(branch, "1,express,,,", "2,QUICK STOP,,,")
    assert {device(label).device_class.code for label in "12"} == {"express"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_any_spreadsheet_are_read(branch, encoding, delimiter):
    content = text("7,internet,Étagère,,").replace(",", delimiter).replace("\n", "\r\n").encode(encoding)
    steps = preview_file(branch, text_of(content), now=NOW).steps
    assert [(step.what, step.words) for step in steps] == [("add", ("Internet computer", "Étagère"))]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("=1+1,internet,,,", "begins like a formula"),
        ("7,internet,@SUM(A1),,", "begins like a formula"),
        ("7,internet,,-2,", "begins like a formula"),
        (",internet,,,", "The label is missing"),
        ("7,internet,,", "more or fewer cells"),
        ('7,internet,"x,,', "quotation mark"),
        ("7,internet,\ufffd,,", "cannot be read"),
        ("x" * 21 + ",internet,,,", "longer than 20"),
        ("7,internet," + "x" * 61 + ",,", "longer than 60"),
        (
            "7,internet,,,screenreader",
            "Nothing is called screenreader. There are: big monitor, headset, large keyboard",
        ),
        ("7,,,,", "A new device needs a class: Internet computer, Quick stop"),
        ("7,laptop,,,", "No class is called laptop. There are: Internet computer, Quick stop"),
        ("\u200b,internet,,,", "characters that cannot be seen"),
        ("7,internet,Row\u202e,,", "characters that cannot be seen"),
        ("7," + "x" * 5000, "longer than 4,000"),
    ],
)
def test_a_line_is_refused_with_the_reason(branch, line, words):
    assert words in why(branch, line)


def test_the_second_line_of_a_label_is_refused(branch):
    assert why(branch, "7,internet,,,", "8,internet,,,", "7,express,,,") == "Line 2 names this label already."


def test_a_booked_seat_keeps_its_class_and_what_was_asked_for(branch):
    seat = make.make_device(branch, label="7", features=["scanner"])
    make.make_booking(seat, at(16), at(17), needs=["scanner"])
    assert "1 booking or outage stands" in why(branch, "7,express", head="label,class")
    assert "asked for: scanner" in why(branch, "7,", head="label,has")
    assert plan(branch, "7,by the door", head="label,place").changed == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "file_empty"),
        (HEAD, "file_empty"),
        ("a,b\n1,2", "file_columns"),
        ("label,label\n1,2", "file_column_twice"),
        ("label,branch\n1,2", "file_unknown"),
        ("label\n" + "1\n" * (MOST_LINES + 1), "file_long"),
        ("label\n" + "x" * MOST_BYTES, "file_long"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(content, code):
    with pytest.raises(Refused, match=code):
        lines_of(content)


def test_a_file_that_is_too_large_is_not_even_decoded():
    with pytest.raises(Refused, match="file_long"):
        text_of(b"x" * (MOST_BYTES + 1))


def test_refused_lines_are_left_out_and_the_rest_is_saved(branch):
    done = saved(branch, "7,internet,,,", "8,unknown,,,")
    assert (done.saves, done.refused, Device.objects.count()) == (1, 1, 1)


def test_what_was_not_shown_is_not_saved(branch):
    seen = plan(branch, "7,internet,,,").seen
    make.make_device(branch, label="7")
    with pytest.raises(Refused, match="plan_changed"):
        saved(branch, "7,express,,,", seen=seen)
    assert device("7").device_class.code == "internet"


def test_saving_is_all_or_nothing(branch, monkeypatch):
    def fail(*_arguments, **_words):
        raise RuntimeError

    monkeypatch.setattr(device_import, "stands_anew", fail)
    with pytest.raises(RuntimeError):
        saved(branch, "7,internet,Studio,,", "8,internet,,,")
    assert not Device.objects.exists()
    assert not Area.objects.exists()


def test_reading_the_same_file_again_changes_nothing(branch):
    lines = ("7,internet,Studio,by the door,headset", "8,express,,,")
    saved(branch, *lines)
    assert plan(branch, *lines).same == 2


def test_a_label_that_is_retired_is_a_new_device(branch):
    make.make_device(branch, label="7", retired_on=NOW.date())
    assert plan(branch, "7,internet,,,").added == 1


def test_a_long_file_takes_as_many_queries_as_a_short_one(branch):
    with CaptureQueriesContext(connection) as few:
        saved(branch, "1,internet,Studio,,", "2,internet,,,")
    with CaptureQueriesContext(connection) as many:
        saved(branch, *(f"{label},internet,Room {label % 7},," for label in range(100, 400)))
    assert len(many) <= len(few)


@pytest.mark.parametrize(
    "cell", ["large-screen headset", "Big Monitor; HEADSET", "headset|large-screen", '"big  monitor, headset"']
)
def test_what_a_device_has_is_named_as_pages_name_it_or_in_codes(branch, cell):
    saved(branch, f"7,internet,,,{cell}")
    assert device("7").features == ["headset", "large-screen"]


def test_a_word_of_the_branch_itself_is_found_by_its_words(branch):
    make.make_device(branch, label="1", features=["by-the-window"])
    saved(branch, "7,internet,,,By the window")
    assert device("7").features == ["by-the-window"]


def test_a_second_press_finds_what_the_first_one_saved(branch):
    lines = ("7,internet,Studio,,", "8,unknown,,,")
    seen = plan(branch, *lines).seen
    assert saved(branch, *lines, seen=seen).saves == 1
    assert (saved(branch, *lines, seen=seen).saves, Device.objects.count()) == (0, 1)


def test_a_second_press_that_would_leave_out_more_is_shown_anew(branch):
    lines = ("7,internet,,,", "8,express,,,")
    make.make_device(branch, label="8", device_class=make.make_class(code="kids"))
    seen = plan(branch, *lines).seen
    make.make_booking(device("8"), at(16), at(17))
    make.make_device(branch, label="7", device_class=DeviceClass.objects.get(code="internet"))
    with pytest.raises(Refused, match="plan_changed"):
        saved(branch, *lines, seen=seen)
