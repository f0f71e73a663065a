"""Housekeeping of the platform."""

import logging

from celery import shared_task

from helpdesk import clock
from helpdesk.purging import purge as purge_everything

log = logging.getLogger(__name__)


@shared_task(name="helpdesk.purge")
def purge() -> None:
    """Forget what has passed its end, as the apps declared it."""
    for key, rows in purge_everything(now=clock.now(), dry_run=False).items():
        log.info("forgot %s rows of %s", rows, key)
