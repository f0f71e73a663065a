"""manage.py demo: builds Northlight Public Library, the library to try the product with."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from helpdesk import clock
from reservations.public import demo
from troubleshooting.demo.build import build, rebuild, sign_ins


class Command(BaseCommand):
    help = "Builds the demo library. Never touches a database that holds anything else."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--reset", action="store_true", help="build it, anew if it is there")
        what.add_argument("--if-empty", action="store_true", help="build it if the database holds nothing yet")
        what.add_argument("--sign-ins", action="store_true", help="only say how to sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo library has public passwords: set DEMO=1 to say that this is wanted.")
        if options["sign_ins"]:
            self._say_sign_ins()
        elif options["reset"]:
            self._reset()
        elif demo.holds_nothing():
            self._build()

    def _reset(self) -> None:
        if demo.holds_nothing():
            self._build()
            return
        if not demo.holds_the_demo():
            others = ", ".join(demo.strangers()[:3]) or "another library"
            raise CommandError(f"This database holds more than the demo library ({others}), so it is left as it is.")
        self.stdout.write("Rebuilding the demo library ...")
        rebuild(now=clock.now())
        self._say_sign_ins()

    def _build(self) -> None:
        self.stdout.write("Building the demo library ...")
        build(now=clock.now())

    def _say_sign_ins(self) -> None:
        here = demo.is_here()
        self.stdout.write(sign_ins() if here else "This database holds a library of its own: sign in as usual.")
