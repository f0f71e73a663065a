"""What is not carried in: files that are none of ours, lines that say something impossible, systems in use."""

import json
import random
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry

from helpdesk import actor
from helpdesk.carry import archive, into, table
from helpdesk.carry.errors import CarryRefused
from helpdesk.carry.into import carry_in
from helpdesk.carry.out import carry_out
from helpdesk.models import Role
from reservations.models import Area, Branch, Closure, Device, DeviceClass, Policy
from tests import factories as make
from tests.factories import NOW
from tests.helpdesk.carry.carried import (
    bring,
    changed,
    empty,
    entries,
    lines,
    put,
    small_set_up,
    with_manifest,
    without_sheet,
    zipped,
)
from tests.racing import race
from troubleshooting.models import Category

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    """The file of a small set-up, in a system that is empty again."""
    small_set_up()
    content = carry_out()
    empty()
    return content


def refusal(content, **options):
    with pytest.raises(CarryRefused) as caught:
        bring(content, **options)
    assert not Branch.objects.exists()
    assert not Policy.objects.exists()
    return caught.value


def first_line(content):
    """Return sheet, line, column and sentence of the first refused line of a dry run."""
    found = bring(content, dry_run=True).refusals[0]
    return found.file, found.line, found.column, found.sentence


# Files


@pytest.mark.parametrize("content", [b"", b"PK", b"a,b\n1,2\n", zipped({"x.txt": b"hello"})])
def test_another_file_is_refused_with_the_next_step(content):
    assert "Choose the file that the export gave." in refusal(content).sentence


def test_a_file_cut_anywhere_is_refused(file):
    for end in range(0, len(file) - 1, 97):
        refusal(file[:end])


@pytest.mark.slow
def test_a_file_with_wrong_bytes_is_refused_and_never_an_error(file):
    chance = random.Random(4)
    for _round in range(200):
        broken = bytearray(file)
        for _flip in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        with suppress(CarryRefused):
            bring(bytes(broken), dry_run=True)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_a_file_of_another_version_says_so(file, version):
    assert "Another version" in refusal(with_manifest(file, format=version)).sentence


def test_a_file_of_another_product_is_refused(file):
    assert "no set-up file" in refusal(with_manifest(file, product="other")).sentence


@pytest.mark.parametrize("manifest", [b"[]", b"{", b"[" * 100_000, b"\xff", b"1"])
def test_a_manifest_that_is_none_is_refused(file, manifest):
    assert "no set-up file" in refusal(zipped({**entries(file), "manifest.json": manifest})).sentence


def test_a_file_of_another_time_zone_names_both_and_the_next_step(file, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    sentence = refusal(file).sentence
    assert "America/New_York" in sentence
    assert "TIME_ZONE=America/New_York" in sentence


def test_a_missing_sheet_is_named(file):
    assert "areas.csv is missing" in refusal(without_sheet(file, "areas.csv")).sentence


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "c:\\x.csv", "sub/areas.csv", "__MACOSX/._a", "a/"]
)
def test_a_file_with_a_path_in_it_is_refused_by_name(file, name):
    assert "Take it out" in refusal(zipped({**entries(file), name: b""})).sentence


def test_a_sheet_that_stands_there_twice_is_refused(file):
    stream = BytesIO(file)
    with zipfile.ZipFile(stream, "a") as again, pytest.warns(UserWarning, match="Duplicate name"):
        again.writestr("areas.csv", b"")
    assert "no set-up file" in refusal(stream.getvalue()).sentence


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_cannot_be_bounded_is_refused(file, compression):
    assert "no set-up file" in refusal(zipped(entries(file), compression)).sentence


def test_a_file_that_would_unpack_into_a_hundred_megabytes_is_not_unpacked(file, monkeypatch):
    bomb = zipped({**entries(file), "areas.csv": b"0" * 100_000_000})
    assert len(bomb) < archive.MOST_PACKED
    read = zipfile.ZipExtFile.read
    largest = []
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda self, n=None: largest.append(n) or read(self, n))
    assert "too large" in refusal(bomb).sentence
    assert max(largest) <= archive.MOST_UNPACKED + 1


def test_a_file_beyond_the_limit_is_not_opened():
    assert "too large" in refusal(b"PK" + b"0" * archive.MOST_PACKED).sentence


# Sheets


def test_an_unknown_column_is_refused_by_name(file):
    broken = changed(file, "areas.csv", lambda found: [line.append("x") for line in found])
    assert refusal(broken).sentence.startswith("areas.csv: the column “x” does not belong there")


def test_a_missing_column_is_refused_with_those_there_must_be(file):
    broken = changed(file, "areas.csv", lambda found: [line.pop() for line in found])
    assert "branch, name, hint, position" in refusal(broken).sentence


def test_a_column_twice_is_refused(file):
    broken = changed(file, "areas.csv", lambda found: [line.append(line[0]) for line in found])
    assert "twice" in refusal(broken).sentence


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b'branch,name,hint,position\r\nharbour,"Row', "quotation mark"),
        (b"branch,name,hint,position\r\nharbour,\xff,,0", "UTF-8"),
        (b"branch,name,hint,position\r\nharbour,\x00,,0", "UTF-8"),
        (b"branch,name,hint,position\r\nharbour," + b"x" * 140_000 + b",,0", "too long"),
        (b"", "must name the columns"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_named(file, content, word):
    sentence = refusal(zipped({**entries(file), "areas.csv": content})).sentence
    assert "areas.csv" in sentence
    assert word in sentence


def test_a_sheet_has_at_most_so_many_lines(file, monkeypatch):
    monkeypatch.setattr(table, "MOST_LINES", 2)
    more = changed(file, "areas.csv", lambda found: found.append(["harbour", "Other", "", "1"]))
    assert "areas.csv has more than" in refusal(more).sentence


def test_a_sheet_saved_by_another_spreadsheet_is_read(file):
    text = entries(file)["areas.csv"].decode("utf-8-sig").replace(",", ";").replace("\r\n", "\n")
    bring(zipped({**entries(file), "areas.csv": f"{text};;;\n\n".encode()}))
    assert Area.objects.get().name == "Window row"


def test_columns_may_stand_in_another_order(file):
    bring(changed(file, "areas.csv", lambda found: [line.reverse() for line in found]))
    assert Area.objects.get().name == "Window row"


# Lines


@pytest.mark.parametrize(
    ("sheet", "column", "cell", "word"),
    [
        ("opening_hours", "weekday", "8", "Write one of: monday"),
        ("opening_hours", "opens", "nine", "like 09:00"),
        ("opening_hours", "opens", "09:00+01:00", "like 09:00"),
        ("opening_hours", "opens", "19:00", "It closes when it opens."),
        ("closures", "on", "25.12.2026", "like 2027-12-31"),
        ("device_classes", "bookable", "perhaps", "yes or no"),
        ("device_classes", "kind", "toaster", "Write one of: computer, catalogue"),
        ("device_classes", "kind", "printer", "do not fit together"),
        ("device_classes", "code", "two words", "valid"),
        ("policies", "session_minutes", "9" * 5000, "whole number"),
        ("policies", "session_minutes", "999999", "at most 1440"),
        ("policies", "session_minutes", "9" * 12, "Write a whole number from 5 to 1440."),
        ("devices", "position", "9" * 12, "Write a whole number from 0 to 32767."),
        ("policies", "session_minutes", "", "whole number"),
        ("policies", "session_minutes", "900", "does not fit in the 2 hours"),
        ("policies", "name", "x" * 81, "This has 81 characters. 80 fit"),
        ("branches", "name", "", "must not be empty"),
        ("branches", "policy", "No such", "policies.csv has no “No such”"),
        ("branches", "policy", "", "policies.csv has no"),
        ("devices", "area", "Cellar", "areas.csv has no “harbour, Cellar”"),
        ("devices", "features", "what?", "Write words of letters"),
        ("devices", "position", "-1", "at least 0"),
        ("guide_steps", "texts", '["a", 1]', "Write named values"),
        ("guide_steps", "texts", '{"en": {"do": "\\u0000", "ask": "?"}}', "Write named values"),
        ("guide_steps", "texts", '{"en": {"do": "\\ud800", "ask": "?"}}', "Write named values"),
        ("guide_steps", "texts", "[" * 50_000, "Write named values"),
        ("guide_steps", "texts", '{"en": {"do": "Look."}}', "Write texts like"),
        ("guide_steps", "texts", '{"en": {"do": "Look.", "ask": 1}}', "Write texts like"),
        ("guide_steps", "key", "solved", "do not fit together"),
        ("guide_steps", "version", "no-such", "guides.csv has no “no-such”"),
        ("guides", "category", "no-such", "categories.csv has no “no-such”"),
        ("categories", "read_level", "7", "at most 6"),
        ("categories", "tier", "4", "Write one of: self_help, desk"),
    ],
)
def test_a_line_that_says_something_impossible_is_refused_by_sheet_and_line(file, sheet, column, cell, word):
    found = first_line(put(file, f"{sheet}.csv", 2, column, cell))
    assert found[:2] == (f"{sheet}.csv", 2)
    assert found[2] in {column, ""}
    assert word in found[3]


def test_a_line_with_two_wrong_cells_is_one_refused_line(file):
    broken = put(put(file, "opening_hours.csv", 2, "opens", "?"), "opening_hours.csv", 2, "closes", "?")
    found = refusal(broken)
    assert len(found.report.refusals) == 2
    assert "Nothing was saved: 1 line is refused." in found.sentence


def test_a_whole_file_is_read_so_that_all_refused_lines_are_known_at_once(file):
    broken = put(put(file, "opening_hours.csv", 3, "opens", "?"), "kiosks.csv", 2, "beside", "Cellar")
    report = bring(broken, dry_run=True)
    assert [(each.file, each.line, each.column) for each in report.refusals] == [
        ("opening_hours.csv", 3, "opens"),
        ("kiosks.csv", 2, "beside"),
    ]


def test_lines_that_name_a_refused_one_are_counted_and_hide_no_fault(file):
    broken = put(put(file, "branches.csv", 2, "name", ""), "opening_hours.csv", 3, "opens", "?")
    report = bring(broken, dry_run=True)
    assert [(each.file, each.line) for each in report.refusals] == [("branches.csv", 2), ("opening_hours.csv", 3)]
    assert report.waiting == 10  # an area, six openings, special hours, a device, a kiosk


@pytest.mark.parametrize(
    ("sheet", "column"), [("policies", "name"), ("device_classes", "code"), ("branches", "slug"), ("areas", "name")]
)
def test_a_second_line_of_one_name_is_refused_with_the_line_of_the_first(file, sheet, column):
    twice = changed(file, f"{sheet}.csv", lambda found: found.append(list(found[1])))
    refusals = bring(twice, dry_run=True).refusals
    assert (f"{sheet}.csv", 3, column) in [(each.file, each.line, each.column) for each in refusals]
    assert "Line 2 says the same" in refusals[0].sentence


@pytest.mark.parametrize(
    ("sheet", "word"),
    [
        ("opening_hours", "overlap"),
        ("closures", "An earlier line says the same"),
        ("devices", "has a device with this label"),
        ("class_rules", "An earlier line says the same"),
    ],
)
def test_what_only_the_database_sees_is_a_sentence_too(file, sheet, word):
    last = len(entries(file)[f"{sheet}.csv"].splitlines()) + 1
    found = first_line(changed(file, f"{sheet}.csv", lambda rows: rows.append(list(rows[1]))))
    assert found[:2] == (f"{sheet}.csv", last)
    assert word in found[3]


def test_a_line_with_another_number_of_cells_is_refused(file):
    found = first_line(changed(file, "areas.csv", lambda rows: rows[1].append("x")))
    assert found == ("areas.csv", 2, "", "The line has more or fewer cells than the first one.")


def test_a_file_with_many_refused_lines_is_not_read_to_its_end(file, monkeypatch):
    monkeypatch.setattr(into, "MOST_REFUSALS", 5)
    broken = changed(file, "policies.csv", lambda rows: rows.extend([["x"]] * 50))
    report = bring(broken, dry_run=True)
    assert (len(report.refusals), report.stopped) == (5, True)


CELLS = [
    "",
    " ",
    "0",
    "-1",
    "5",
    "9999999999",
    "١٢",
    "1e3",
    "=1",
    "'",
    "''",
    "yes",
    "2026-02-30",
    "0000-00-00",
    "24:00",
]
CELLS += [
    "00:00",
    "00:00:00.5",
    "[]",
    "null",
    '{"a": 1}',
    "x" * 300,
    "a b",
    "\x0b",
    "\u202e",
    "\r\n",
    "harbour",
    "2026-11-24",
]


@pytest.mark.slow
def test_whatever_stands_in_the_cells_is_refused_or_comes_out_again_as_it_went_in(file):
    chance = random.Random(5)
    sheets = [name for name in entries(file) if name.endswith(".csv")]
    accepted = 0
    for _round in range(150):
        content = file
        for _cell in range(chance.randint(1, 2)):
            name = chance.choice(sheets)
            column = chance.choice(lines(file, name)[0])
            content = put(content, name, chance.randint(2, len(lines(file, name))), column, chance.choice(CELLS))
        with suppress(CarryRefused):
            bring(content)
            accepted += 1
            again = carry_out()
            empty()
            bring(again)
            assert carry_out() == again
        empty()
    assert accepted


# Nothing or all


def test_one_refused_line_leaves_nothing_behind_and_the_report_says_which(file):
    before = Category.objects.count()
    error = refusal(put(file, "kiosks.csv", 2, "beside", "Cellar"))
    assert "Nothing was saved: 1 line is refused." in error.sentence
    assert [each.file for each in error.report.refusals] == ["kiosks.csv"]
    assert Category.objects.count() == before


def test_a_dry_run_counts_every_sheet_and_writes_nothing(file):
    make.make_category("pdf")
    report = bring(file, dry_run=True)
    assert not report.refusals
    assert {count.file: count.rows for count in report.counts}["opening_hours.csv"] == 7
    assert (Branch.objects.count(), Policy.objects.count(), Category.objects.count()) == (0, 0, 1)


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize(
    "already",
    [
        lambda: make.make_policy(name="Own"),
        lambda: make.make_class(),
        lambda: Closure.objects.create(on=NOW.date(), reason="Holiday"),
        lambda: make.make_branch(),
    ],
)
def test_a_system_in_use_takes_no_set_up_and_keeps_its_own(file, already, dry_run):
    already()
    before = (Policy.objects.count(), DeviceClass.objects.count(), Branch.objects.count(), Closure.objects.count())
    with pytest.raises(CarryRefused, match="Start a new system"):
        bring(file, dry_run=dry_run)
    assert (
        Policy.objects.count(),
        DeviceClass.objects.count(),
        Branch.objects.count(),
        Closure.objects.count(),
    ) == before


def test_a_system_in_use_is_not_locked_by_somebody_who_tries(file, django_assert_max_num_queries, monkeypatch):
    make.make_branch()
    monkeypatch.setattr(into, "_lock", lambda sheets: pytest.fail("locked"))
    with pytest.raises(CarryRefused):
        bring(file)


def test_the_log_of_set_up_names_who_brought_it_in(file):
    user = make.make_user(Role.MANAGER)
    carry_in(content=file, by=actor.staff(user.pk, user.role), now=NOW)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_time) == (user, NOW)
    assert "branches.csv:1" in entry.change_message


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_one_set_up(file):
    counted = race(*[lambda: _raced(file)] * 4)
    assert counted["accepted"] == 1
    assert counted["error:CarryRefused"] == 3
    assert (Branch.objects.count(), Device.objects.count()) == (1, 1)


def _raced(content):
    carry_in(content=content, by=actor.SYSTEM, now=NOW)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_import_and_a_branch_added_by_hand_never_mix_without_notice(file):
    for _round in range(5):
        empty()
        counted = race(lambda: _raced(file), lambda: make.make_branch(slug="own", name="Own") and None)
        assert counted["accepted"] + counted["error:CarryRefused"] == 2
        if counted["error:CarryRefused"]:
            assert [branch.slug for branch in Branch.objects.all()] == ["own"]


def test_the_manifest_says_what_it_is_and_where_its_hours_hold(file):
    manifest = json.loads(entries(file)["manifest.json"])
    assert (manifest["product"], manifest["format"]) == ("northlight-helpdesk", 1)
    assert manifest["time_zone"] == settings.TIME_ZONE
    assert manifest["sheets"] == [name for name in entries(file) if name != "manifest.json"]


def test_two_areas_that_differ_in_large_and_small_letters_are_a_sentence(file):
    broken = changed(file, "areas.csv", lambda found: found.append(["harbour", "WINDOW row", "", "1"]))
    sheet, line, _column, sentence = first_line(broken)
    assert (sheet, line) == ("areas.csv", 3)
    assert sentence == "This branch has an area with this name. Choose another name."


def test_a_name_of_characters_that_cannot_be_seen_is_a_sentence(file):
    assert "cannot be seen" in first_line(put(file, "areas.csv", 2, "name", "\u200b"))[3]
