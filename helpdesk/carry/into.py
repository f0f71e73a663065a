"""Brings a set-up into an empty system: all of it in one transaction, or nothing."""

from datetime import datetime

from django.contrib.admin.models import ADDITION, LogEntry
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import registry
from helpdesk.actor import Actor
from helpdesk.carry.archive import unpack
from helpdesk.carry.errors import CarryRefused, Count, Report
from helpdesk.carry.lines import Lines
from helpdesk.carry.out import counts
from helpdesk.carry.sheet import Sheet
from helpdesk.carry.table import read_table

MOST_REFUSALS = 100  # after so many a file is not read on


def held(found: list[Count]) -> list[Count]:
    """Return the sheets by which a system is in use."""
    return [count for count in found if count.rows and not count.shipped]


def check_empty() -> None:
    """Raise CarryRefused where the system holds a set-up already; what the product ships with does not count."""
    said = ", ".join(f"{count.label}: {count.rows}" for count in held(counts()))
    if said:
        sentence = _(
            "A set-up can be imported into an empty system only, and this one is in use (%(held)s)."
            " Start a new system and import there; what is here is changed on its own pages."
        )
        raise CarryRefused(sentence % {"held": said})


def carry_in(*, content: bytes, by: Actor, now: datetime, dry_run: bool = False) -> Report:
    """Make the set-up in `content`, the bytes of a file of `carry_out`, that of this system; return what it has.

    A dry run does the same and takes it back, and reports refused lines instead of raising. Raises CarryRefused where
    the system is not empty, the file is none of ours, or a line is refused; then nothing is written.
    """
    sheets = registry.sheets()
    check_empty()  # before any lock: a system in use must not wait for somebody who tries
    tables = unpack(content, [sheet.file for sheet in sheets])
    with transaction.atomic():
        _lock(sheets)
        check_empty()
        report = _read(sheets, tables, now)
        if report.refusals and not dry_run:
            raise CarryRefused(refused_words(report), report)
        if dry_run:
            transaction.set_rollback(True)
        else:
            _record(report, by, now)
    return report


def refused_words(report: Report) -> str:
    """Return in one sentence that lines are refused, and what to do."""
    sentence = ngettext(
        "Nothing was saved: %(count)d line is refused. Correct it in its sheet, then import the file again.",
        "Nothing was saved: %(count)d lines are refused. Correct them in their sheets, then import the file again.",
        report.refused,
    )
    return sentence % {"count": report.refused}


def _lock(sheets: list[Sheet]) -> None:
    """Let nobody else write set-up until the end, so that empty stays empty; reading goes on."""
    names = ", ".join(connection.ops.quote_name(sheet.model._meta.db_table) for sheet in sheets)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def _read(sheets: list[Sheet], tables: dict[str, bytes], now: datetime) -> Report:
    lines, report = Lines(now), Report()
    for sheet in sheets:
        if sheet.shipped:
            sheet.model._base_manager.all().delete()
        rows = 0
        for number, cells in read_table(sheet.file, tables[sheet.file], sheet.columns):
            rows += lines.take(sheet, number, cells)
            report.stopped = len(lines.refusals) >= MOST_REFUSALS
            if report.stopped:
                break
        report.counts.append(Count(sheet.file, sheet.label, rows, sheet.shipped))
        if report.stopped:
            break
    report.refusals, report.waiting = lines.refusals, lines.waiting
    return report


def _record(report: Report, by: Actor, now: datetime) -> None:
    """Note in the log of set-up who of the staff brought it in; a command has no user to name there."""
    if by.user_id is not None:
        LogEntry.objects.create(
            user_id=by.user_id,
            object_repr=_("Set-up from a file"),
            action_flag=ADDITION,
            action_time=now,
            change_message=" ".join(f"{count.file}:{count.rows}" for count in report.counts),
        )
