"""`manage.py sweep`: one round of the outbox, for libraries that run cron instead of beat."""

from typing import Any

from django.core.management.base import BaseCommand

from helpdesk import clock
from troubleshooting.handoff import sweep


class Command(BaseCommand):
    help = "Deliver escalations whose bell was lost and send e-mails that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep(clock.now())
        self.stdout.write(f"delivered {swept.delivered}, sent {swept.sent}, failed {swept.failed}")
