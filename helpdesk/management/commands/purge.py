"""`manage.py purge`: forget personal data past its end, as the hourly job does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from helpdesk import clock, registry
from helpdesk.purging import purge


class Command(BaseCommand):
    help = "Forget personal data that has passed its end; --dry-run only says what would be forgotten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = purge(now=clock.now(), dry_run=options["dry_run"])
        for entry in registry.purges():
            self.stdout.write(f"{rows[entry.key]:>6}  {entry.datum} ({entry.purpose}): {entry.kept}")
