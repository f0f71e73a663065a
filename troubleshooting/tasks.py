"""What the worker does for us: each task reads the clock and calls one function with an id."""

from celery import shared_task

from helpdesk import clock
from helpdesk.actor import SYSTEM
from troubleshooting import handoff, notifications
from troubleshooting.search.vocabulary import learn_words
from troubleshooting.triage.retraining import retrain


@shared_task(name="troubleshooting.deliver_reference")
def deliver_reference(handoff_id: int) -> None:
    """Deliver a handoff to the reference desk (queue `reference`)."""
    handoff.deliver(handoff_id, clock.now())


@shared_task(name="troubleshooting.deliver_it")
def deliver_it(handoff_id: int) -> None:
    """Deliver a handoff to IT (queue `it`)."""
    handoff.deliver(handoff_id, clock.now())


@shared_task(name="troubleshooting.send_notification")
def send_notification(notification_id: int) -> None:
    """Send one e-mail that is due (queue `mail`)."""
    notifications.send_notification(notification_id, clock.now())


@shared_task(name="troubleshooting.sweep")
def sweep() -> None:
    """Pick up what no bell rang for (beat, every 15 seconds)."""
    handoff.sweep(clock.now())


@shared_task(name="troubleshooting.learn_triage", soft_time_limit=300, time_limit=330)
def learn_triage() -> str:
    """Learn from the questions that were solved (beat, every night); return what came of it."""
    return retrain(by=SYSTEM, now=clock.now()).said


@shared_task(name="troubleshooting.learn_words", soft_time_limit=300, time_limit=330)
def learn_search_words() -> int:
    """Make the words of the search anew (beat, every night); return how many there are."""
    return learn_words()
