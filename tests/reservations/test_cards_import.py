"""Importing local cards from a file: what becomes a card, what is refused and why, what is left of it."""

import io
import tracemalloc
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from helpdesk.actor import SYSTEM
from helpdesk.purging import purge
from reservations.cards import importing
from reservations.cards.importing import begin_import, drop_import, import_batch, receive
from reservations.cards.report import write_report
from reservations.models import Card, CardImport, CardImportRow, Patron
from reservations.patrons.ages import band_of
from reservations.patrons.door import sign_in
from reservations.patrons.keys import card_key, needs_usual_hash, pin_matches
from reservations.rules import Refused
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ONE, TWO = "29990000000017", "29990000000024"
HEAD = "number,pin,age_band,expires_on,action"


def read(*lines, head=HEAD, encoding="utf-8"):
    content = "\n".join([head, *lines]).encode(encoding)
    return receive(stream=io.BytesIO(content), by=SYSTEM, now=NOW)


def imported(*lines, **options):
    found = read(*lines, **options)
    begin_import(card_import=found, by=SYSTEM, now=NOW)
    while import_batch(pk=found.pk, now=NOW):
        pass
    found.refresh_from_db()
    return found


def why(*lines, **options):
    """Return the code by which each refused line is refused."""
    return dict(read(*lines, **options).report)


def card(number=ONE):
    return Card.objects.get(key=card_key(number))


def test_a_line_becomes_a_card_without_number_and_pin():
    imported(f"{ONE},2468,teen,2027-12-31,")
    made = card()
    assert (made.alias, made.age_band, made.expires_on) == ("017", "teen", date(2027, 12, 31))
    assert ONE not in str(Card.objects.values().get())
    assert pin_matches("2468", made.pin_hash)


def test_reading_a_file_changes_no_card_and_says_what_it_would_do():
    make.make_card(ONE)
    make.make_card(TWO)
    found = read(f"{ONE},1357,,,", f"{TWO},,,,delete", "29990000000031,2468,,,", "29990000000048,,,,delete")
    assert found.counts == {"new": 1, "known": 1, "gone": 1, "never_here": 1}
    assert (found.state, Card.objects.count(), pin_matches("2468", card().pin_hash)) == ("ready", 2, True)


def test_while_it_waits_the_database_holds_no_number_and_no_pin():
    read(f"{ONE},73519,adult,,")
    stored = str([*CardImport.objects.values(), *CardImportRow.objects.values()])
    assert ONE not in stored
    assert "73519" not in stored


def test_once_it_is_done_or_dropped_no_staged_row_is_left():
    imported(f"{ONE},2468,adult,,")
    drop_import(card_import=read(f"{TWO},2468,adult,,"), by=SYSTEM, now=NOW)
    assert not CardImportRow.objects.exists()
    assert [card.alias for card in Card.objects.all()] == ["017"]


def test_an_import_that_nobody_goes_on_with_is_dropped_after_a_day():
    read(f"{ONE},2468,adult,,")
    assert purge(now=NOW + timedelta(hours=23), dry_run=False)["card-import-rows"] == 0
    assert purge(now=NOW + timedelta(hours=25), dry_run=False)["card-import-rows"] == 1
    assert (CardImport.objects.get().state, CardImportRow.objects.count()) == ("dropped", 0)


def test_a_birth_date_becomes_a_band_and_its_last_day_and_is_not_kept():
    imported(f"{ONE},2468,2015-03-31", head="number,pin,birth_date")
    assert (card().age_band, card().band_until) == ("school_child", date(2028, 3, 30))
    assert "2015" not in str(Card.objects.values().get())


@pytest.mark.parametrize(
    ("born", "today", "band"),
    [
        (date(2018, 11, 25), date(2026, 11, 24), ("small_child", date(2026, 11, 24))),
        (date(2018, 11, 24), date(2026, 11, 24), ("school_child", date(2031, 11, 23))),
        (date(2008, 2, 29), date(2026, 2, 28), ("older_teen", date(2026, 2, 28))),
        (date(2008, 2, 29), date(2026, 3, 1), ("adult", None)),
    ],
)
def test_a_band_ends_on_the_day_before_the_birthday(born, today, band):
    assert band_of(born, today) == band


def test_an_empty_pin_keeps_the_pin_of_a_card_that_is_here():
    make.make_card(ONE, "1357")
    imported(f"{ONE},,child,2028-01-31,")
    assert pin_matches("1357", card().pin_hash)
    assert (card().age_band, card().expires_on) == ("child", date(2028, 1, 31))


def test_a_column_that_is_left_out_changes_nothing():
    make.make_card(ONE, age_band="teen", expires_on=date(2028, 1, 31))
    imported(f"{ONE},8642", head="number,pin")
    assert (card().age_band, card().expires_on) == ("teen", date(2028, 1, 31))
    assert pin_matches("8642", card().pin_hash)


def test_of_a_card_that_stands_there_twice_the_last_line_counts_and_it_is_said():
    found = imported(f"{ONE},1111,,,", f"{TWO},2222,,,", f"{ONE},3333,,,")
    assert (found.repeated, found.staged) == (1, 2)
    assert pin_matches("3333", card().pin_hash)


def test_importing_the_same_file_twice_is_importing_it_once():
    for _time in range(2):
        imported(f"{ONE},2468,adult,,")
    assert (Card.objects.count(), CardImport.objects.filter(state="done").count()) == (1, 2)


def test_a_file_that_waits_already_is_not_read_again():
    first = read(f"{ONE},2468,adult,,")
    assert read(f"{ONE},2468,adult,,") == first


def test_a_reading_that_was_cut_off_goes_on_after_its_last_committed_line(monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    lines = [f"2999000000{n:04},2468,adult,," for n in range(7)]
    seen = []

    def stop(count):
        if not seen:
            seen.append(count)
            raise KeyboardInterrupt

    stream = io.BytesIO("\n".join([HEAD, *lines]).encode())
    with pytest.raises(KeyboardInterrupt):
        receive(stream=stream, by=SYSTEM, now=NOW, progress=stop)
    assert (CardImport.objects.get().lines, CardImportRow.objects.count()) == (3, 2)
    again = receive(stream=stream, by=SYSTEM, now=NOW, progress=seen.append)
    assert (seen, again.staged, again.counts["new"]) == ([3, 5, 7, 8], 7, 7)


def test_an_import_that_was_cut_off_goes_on_with_the_rest(monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    found = read(*[f"2999000000{n:04},2468,adult,," for n in range(5)])
    begin_import(card_import=found, by=SYSTEM, now=NOW)
    assert import_batch(pk=found.pk, now=NOW)
    assert importing.left_alone(NOW + timedelta(minutes=1)) == [found.pk]
    while import_batch(pk=found.pk, now=NOW):
        pass
    found.refresh_from_db()
    assert (found.state, found.applied, Card.objects.count()) == ("done", 5, 5)
    assert not import_batch(pk=found.pk, now=NOW)


REFUSED = {
    "no_number": ",2468,adult,,",
    "number_length": "12,2468,adult,,",
    "number_rounded": "2.999E+13,2468,adult,,",
    "formula": "=SUM(A1),2468,adult,,",
    "pin_length": f"{ONE},1,adult,,",
    "no_pin": f"{ONE},,adult,,",
    "age_band": f"{ONE},2468,grown-up,,",
    "expires_on": f"{ONE},2468,adult,31.12.2027,",
    "action": f"{ONE},2468,adult,,forget",
    "cells": f"{ONE},2468,adult",
    "quotes": f'{ONE},"2468,adult,,',
    "unreadable": f"{ONE},24\x0068,adult,,",
    "long": f"{ONE},2468,{'a' * 5000},,",
}


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_a_bad_line_is_refused_alone(code):
    found = read(REFUSED[code], f"{TWO},2468,adult,,")
    assert (found.report, found.refused, found.staged) == ([[2, code]], 1, 1)


@pytest.mark.parametrize("born", ["2026-11-25", "1890-01-01", "31/03/2015", "2015-02-30"])
def test_a_birth_date_that_cannot_be_is_refused(born):
    assert why(f"{ONE},2468,{born}", head="number,pin,birth_date") == {2: "birth_date"}


def test_one_open_quotation_mark_costs_one_line():
    found = read(f'{ONE},"2468,adult,,', *[f"2999000000{n:04},2468,adult,," for n in range(30)])
    assert (found.refused, found.staged) == (1, 30)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_the_usual_encodings(encoding):
    assert imported(f"{ONE},2468,teen,,", encoding=encoding).staged == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_file_is_read_with_the_usual_delimiters(delimiter):
    head, line = (text.replace(",", delimiter) for text in (HEAD, f"{ONE},2468,teen,,"))
    assert imported(line, head=head).staged == 1


def test_a_mark_of_a_spreadsheet_before_the_names_is_passed_over():
    assert imported("number;pin", f'="{ONE}";="0246"', head="sep=;").staged == 1
    assert pin_matches("0246", card().pin_hash)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (b"29990000000017,2468\n", "file_columns"),
        (b"name,pin\nx,2468\n", "file_columns"),
        (b"number,pin,pin\n", "file_column_twice"),
        (b"\x00" * 9000, "file_columns"),
        (HEAD.encode("utf-16-le"), "file_columns"),
        (b"PK\x03\x04\x14\x00" + bytes(range(256)) * 50, "file_columns"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(content, code):
    with pytest.raises(Refused) as refused:
        receive(stream=io.BytesIO(content), by=SYSTEM, now=NOW)
    assert refused.value.codes == [code]
    assert "29990000000017" not in str(refused.value.problems[0].sentence)
    assert not CardImport.objects.exists()


def test_names_of_columns_may_be_written_large_and_others_stand_between_them():
    assert imported(f"{ONE},A private name,2468", head="NUMBER,Name,Pin").staged == 1


def test_the_report_names_the_first_lines_and_counts_the_rest(monkeypatch):
    monkeypatch.setattr(importing, "REPORTED", 3)
    found = read(*["x"] * 10)
    assert (found.state, found.refused, len(found.report)) == ("unfit", 10, 3)


def test_no_cell_of_the_report_is_a_formula_or_anything_out_of_the_file():
    found = read("=1+1,2468,adult,,", "@cmd,2468,adult,,", f"-{ONE},9753,adult,,", f"{ONE},+44,adult,,")
    out = io.StringIO()
    write_report(found, out)
    cells = [cell for line in out.getvalue().splitlines() for cell in line.split(",")]
    assert found.refused == 4
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@"))]
    assert not [secret for secret in (ONE, "9753", "cmd", "1+1") if secret in out.getvalue()]


def test_the_memory_of_a_long_file_is_that_of_a_short_one():
    peaks = []
    for lines in (2_000, 10_000):
        content = "\n".join([HEAD, *(["x,y"] * lines)]).encode()
        tracemalloc.start()
        receive(stream=io.BytesIO(content), by=SYSTEM, now=NOW)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 300_000


def test_the_first_good_sign_in_gives_an_imported_pin_the_usual_hash():
    imported(f"{ONE},2468,adult,,")
    kiosk = make.make_kiosk(make.make_branch())
    assert needs_usual_hash(card().pin_hash)
    with pytest.raises(Refused):
        sign_in(number=ONE, pin="1111", kiosk=kiosk, now=NOW)
    assert needs_usual_hash(card().pin_hash)
    assert sign_in(number=ONE, pin="2468", kiosk=kiosk, now=NOW) == Patron.objects.get()
    assert not needs_usual_hash(card().pin_hash)
    assert pin_matches("2468", card().pin_hash)


def test_a_deleted_card_signs_nobody_in():
    make.make_card(ONE)
    imported(f"{ONE},,,,delete")
    with pytest.raises(Refused):
        sign_in(number=ONE, pin="2468", kiosk=make.make_kiosk(make.make_branch()), now=NOW)


def test_the_command_imports_reports_and_goes_wrong_in_one_sentence(tmp_path, capsys):
    file, report = tmp_path / "cards.csv", tmp_path / "refused.csv"
    file.write_text(f"{HEAD}\n{ONE},2468,adult,,\nx,2468,adult,,\n", encoding="utf-8")
    call_command("import_cards", str(file), "--dry-run", "--report", str(report))
    said = capsys.readouterr().out
    assert "1 new cards" in said
    assert "line 3: The number must have 5 to 40" in said
    assert not Card.objects.exists()
    assert not CardImportRow.objects.exists()
    assert report.read_text(encoding="utf-8").splitlines()[1].startswith("3,number_length,")
    call_command("import_cards", str(file))
    assert "Imported: 1 of 1" in capsys.readouterr().out
    assert Card.objects.count() == 1
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_cards", str(tmp_path / "none.csv"))
