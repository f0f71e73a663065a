"""`manage.py carry_out FILE`: writes the whole set-up into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpdesk.carry.out import carry_out, counts


class Command(BaseCommand):
    help = "Write the whole set-up (branches, rules, devices, hours, categories) into one file. It is not a backup."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the file to write; a file of that name is replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            Path(options["file"]).write_bytes(carry_out())
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        found = counts()
        self.stdout.write(f"{options['file']}: {sum(each.rows for each in found):,} rows in {len(found)} sheets.")
