"""`manage.py import_cards FILE`: imports local cards from a CSV file, with a progress line; --dry-run only looks."""

import os
import time
from argparse import ArgumentParser
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from helpdesk import clock
from helpdesk.actor import SYSTEM
from reservations.cards.importing import begin_import, drop_import, import_batch, receive
from reservations.cards.report import refused_lines, unnamed, write_report
from reservations.models import CardImport
from reservations.models.cards import ImportState
from reservations.rules.problem import Refused

SHOWN = 20  # refused lines on the screen; --report writes them all
EVERY = 0.5  # seconds between two progress lines


class Command(BaseCommand):
    help = "Import local library cards from a CSV file: number, pin, age_band or birth_date, expires_on, action."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the CSV file; it is only read")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change no card")
        parser.add_argument("--report", metavar="FILE", help="write the refused lines to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with open(options["file"], "rb") as stream:
                card_import = self._receive(stream)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            raise CommandError(str(refused.problems[0].sentence)) from refused
        self._say(card_import)
        if options["report"]:
            self._write(card_import, options["report"])
        if card_import.state == ImportState.UNFIT:
            raise CommandError("No line can be imported.")
        if options["dry_run"]:
            drop_import(card_import=card_import, by=SYSTEM, now=clock.now())
            self.stdout.write("Dry run: no card was changed.")
            return
        self._import(card_import)

    def _receive(self, stream: BinaryIO) -> CardImport:
        size = max(1, os.fstat(stream.fileno()).st_size)
        bar = _Bar(self)
        found = receive(
            stream=stream,
            by=SYSTEM,
            now=clock.now(),
            progress=lambda lines: bar.show("read", lines, 100 * stream.tell() // size),
        )
        bar.end()
        return found

    def _import(self, card_import: CardImport) -> None:
        begin_import(card_import=card_import, by=SYSTEM, now=clock.now())
        bar = _Bar(self)
        while import_batch(pk=card_import.pk, now=clock.now()):
            card_import.refresh_from_db()
            bar.show("imported", card_import.applied, card_import.percent)
        bar.end()
        card_import.refresh_from_db()
        self.stdout.write(f"Imported: {card_import.applied:,} of {card_import.staged:,} lines.")

    def _say(self, card_import: CardImport) -> None:
        counts = card_import.counts
        self.stdout.write(
            f"{counts.get('new', 0):,} new cards, {counts.get('known', 0):,} changed,"
            f" {counts.get('gone', 0):,} deleted, {counts.get('never_here', 0):,} to delete that are not here."
        )
        if card_import.repeated:
            self.stdout.write(f"{card_import.repeated:,} lines repeat a card; the last one counts.")
        if card_import.refused:
            self.stdout.write(f"{card_import.refused:,} lines are refused:")
        for line, sentence in list(refused_lines(card_import))[:SHOWN]:
            self.stdout.write(f"  line {line}: {sentence}")
        if card_import.refused > SHOWN:
            self.stdout.write(f"  and {card_import.refused - SHOWN:,} more; --report FILE names them")

    def _write(self, card_import: CardImport, path: str) -> None:
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                write_report(card_import, out)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        left_out = f", {unnamed(card_import):,} only counted" if unnamed(card_import) else ""
        self.stdout.write(f"Refused lines are in {path}{left_out}.")


class _Bar:
    """A progress bar on the error stream: one line that renews itself at a terminal, a line now and then elsewhere."""

    def __init__(self, command: BaseCommand) -> None:
        self.out = command.stderr
        self.is_terminal = bool(getattr(self.out, "isatty", bool)())
        self.next = 0.0
        self.shown = False

    def show(self, what: str, count: int, percent: int) -> None:
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + (EVERY if self.is_terminal else EVERY * 10)
        filled = "#" * (min(100, percent) // 4)
        self.shown = True
        start, end = ("\r", "") if self.is_terminal else ("", "\n")
        self.out.write(f"{start}[{filled:<25}] {min(100, percent):>3} %, {count:,} {what}", ending=end)

    def end(self) -> None:
        if self.is_terminal and self.shown:
            self.out.write("")
