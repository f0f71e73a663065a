"""`manage.py sip2_check`: what the library system answers, step by step, for whoever sets it up."""

import getpass
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from helpdesk import clock
from reservations.patrons.library import as_sent
from reservations.sip2.masking import shortened
from reservations.sip2.trial import Step, steps


class Command(BaseCommand):
    help = "Ask the library system step by step; with --card also for a test card. Secrets are not shown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--card", default="", help="the number of a test card")
        parser.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input")
        parser.add_argument("--no-pin", action="store_true", help="look the card up as staff do, without a PIN")

    def handle(self, *args: Any, **options: Any) -> None:
        system = settings.LIBRARY_SYSTEM
        if not system.host:
            raise CommandError("SIP2_HOST names no library system. docs/sip2.md lists the settings.")
        card = as_sent(options["card"])
        pin = self._pin(options) if card else None
        if card and not options["no_pin"] and not pin:
            raise CommandError("An empty PIN is never sent: some library systems take it for the right one.")
        self.stdout.write(f"library system {system.host}:{system.port}, PATRON_SOURCE={settings.PATRON_SOURCE}")
        now = clock.now()
        today = timezone.localtime(now).date()
        failed = 0
        for number, step in enumerate(steps(system, card=card, pin=pin, now=now, today=today), start=1):
            self._tell(number, step)
            failed += not step.ok
        if failed:
            raise CommandError("The check failed. Nobody is let in by mistake; see the step above.", returncode=1)
        asked = f"card {shortened(card)}" if card else "no card was asked for, see --card"
        self.stdout.write(self.style.SUCCESS(f"All steps went well ({asked})."))

    def _pin(self, options: dict[str, Any]) -> str | None:
        if options["no_pin"]:
            return None
        if options["pin_stdin"]:
            return sys.stdin.readline().rstrip("\r\n")
        return getpass.getpass("PIN of the test card: ")

    def _tell(self, number: int, step: Step) -> None:
        mark = self.style.SUCCESS("ok  ") if step.ok else self.style.ERROR("FAIL")
        took = "" if step.milliseconds is None else f" ({step.milliseconds} ms)"
        self.stdout.write(f"{number}. {mark} {step.what}{took}: {step.said}")
        for line in (*step.notes, *([step.then] if step.then else [])):
            self.stdout.write(f"        {line}")
