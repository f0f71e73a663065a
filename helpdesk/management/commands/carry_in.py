"""`manage.py carry_in FILE`: brings the set-up of a file into an empty system; --dry-run only looks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpdesk import clock
from helpdesk.actor import SYSTEM
from helpdesk.carry.archive import MOST_PACKED
from helpdesk.carry.errors import CarryRefused, Report
from helpdesk.carry.into import carry_in, refused_words


class Command(BaseCommand):
    help = "Bring the set-up that carry_out wrote into an empty system: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the file that carry_out wrote; it is only read")
        parser.add_argument("--dry-run", action="store_true", help="say what would come, and each refused line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with open(options["file"], "rb") as stream:
                content = stream.read(MOST_PACKED + 1)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        try:
            report = carry_in(content=content, by=SYSTEM, now=clock.now(), dry_run=options["dry_run"])
        except CarryRefused as refused:
            self._say(refused.report or Report())
            raise CommandError(refused.sentence) from refused
        self._say(report)
        if report.refusals:
            raise CommandError(refused_words(report))
        did = "would come: nothing was saved." if options["dry_run"] else "are here. Pair the kiosks, add the staff."
        self.stdout.write(f"{report.rows:,} rows in {len(report.counts)} sheets {did}")

    def _say(self, report: Report) -> None:
        for count in report.counts:
            self.stdout.write(f"  {count.file:<20} {count.rows:>6,}")
        for each in report.refusals:
            column = f", {each.column}" if each.column else ""
            self.stdout.write(f"  {each.file}, line {each.line}{column}: {each.sentence}")
        if report.waiting:
            self.stdout.write(f"  {report.waiting:,} more lines name a refused one.")
        if report.stopped:
            self.stdout.write("  The file was not read to its end.")
