"""How long what is personal is kept: the words of a question 90 days, the days that staff were away until they end."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.registry import PurgeEntry
from troubleshooting.models import Absence, Appointment, SavedView, SearchWord, Ticket, TicketEvent, TriageModel
from troubleshooting.models.ticket import State

KEPT = timedelta(days=90)  # library-practice.md section 4.2, rule 5
CUT_OFF = timedelta(days=30)  # rule 4 of the same section


@transaction.atomic
def purge_words(now: datetime, dry_run: bool) -> int:
    """Blank text, answer, part, referral and notes of questions done 90 days ago; return how many questions had any.

    Category, level and times stay. Running it twice changes nothing; `dry_run` only counts.
    """
    old = Ticket.objects.filter(state=State.DONE, done_at__lte=now - KEPT)
    notes = TicketEvent.objects.filter(ticket__in=old).exclude(text="")
    worded = set(
        old.filter(~Q(text="") | ~Q(answer="") | ~Q(part="") | ~Q(referred_to="")).values_list("pk", flat=True)
    )
    worded |= set(notes.values_list("ticket_id", flat=True))
    if not dry_run:
        TicketEvent.objects.filter(pk__in=notes.values_list("pk", flat=True)).update(text="")
        Ticket.objects.filter(pk__in=worded).update(text="", answer="", part="", referred_to="")
    return len(worded)


ENTRY = PurgeEntry(
    "ticket_words",
    datum=_("The words of a question, its answer and notes"),
    purpose=_("To help, and to know what helped before"),
    kept=_("90 days after the question was done; level, kind and times stay for the figures"),
    purge=purge_words,
)


@transaction.atomic
def purge_reports(now: datetime, dry_run: bool) -> int:
    """Forget what came of models made 90 days ago that are not in use; return how many. The one in use stays."""
    old = TriageModel.objects.filter(in_use=False, made_at__lte=now - KEPT)
    return old.count() if dry_run else old.delete()[0]


LEARNED = PurgeEntry(
    "triage_models",
    datum=_("Words that at least three questions had in common, and how often"),
    purpose=_("To suggest what a question is about; texts with numbers of people are never read"),
    kept=_("Until the next model is made, each night; counts of how it did 90 days"),
    purge=purge_reports,
)


@transaction.atomic
def purge_absences(now: datetime, dry_run: bool) -> int:
    """Forget the absences of staff whose last day is over; return how many."""
    over = Absence.objects.filter(until_on__lt=timezone.localtime(now).date())
    return over.count() if dry_run else over.delete()[0]


ABSENCES = PurgeEntry(
    "staff_absences",
    datum=_("The days on which a member of staff is away; no reason of health is ever asked"),
    purpose=_("To plan nothing for somebody who is not there"),
    kept=_("Until the day after the last one"),
    purge=purge_absences,
)


@transaction.atomic
def purge_search_words(now: datetime, dry_run: bool) -> int:
    """Forget the words of questions that the search compares with, where no question holds words any more.

    While questions come, the words are made anew each night from those that are kept; this is for one that closed.
    """
    worded = Ticket.objects.exclude(text="", answer="").exists()
    old = SearchWord.objects.filter(tickets__gt=0)
    if worded:
        return 0
    return old.count() if dry_run else old.delete()[0]


WORDS = PurgeEntry(
    "search_words",
    datum=_("Words that at least three questions had in common"),
    purpose=_("To find what was meant where a word is misspelt"),
    kept=_("Until the next night, when they are made anew from the questions that still have words"),
    purge=purge_search_words,
)


@transaction.atomic
def purge_appointments(now: datetime, dry_run: bool) -> int:
    """Cut one-to-ones that ended 30 days ago off from their computer, and from who made them; return how many."""
    old = Appointment.objects.filter(ended_at__lte=now - CUT_OFF)
    tied = old.filter(Q(seat__isnull=False) | Q(by_user__isnull=False) | Q(by_kiosk__isnull=False))
    return tied.count() if dry_run else tied.update(seat=None, by_user=None, by_kiosk=None)


APPOINTMENTS = PurgeEntry(
    "one_to_ones",
    datum=_("At which computer a one-to-one was, and who or which screen booked it; of whom is never stored"),
    purpose=_("To keep the computer, and to move or cancel what was booked"),
    kept=_("30 days after it was over; topic, time and librarian stay for the figures"),
    purge=purge_appointments,
)


@transaction.atomic
def purge_views(now: datetime, dry_run: bool) -> int:
    """Forget the searches kept by accounts that are no longer active; return how many."""
    left = SavedView.objects.filter(owner__is_active=False)
    return left.count() if dry_run else left.delete()[0]


VIEWS = PurgeEntry(
    "saved_views",
    datum=_("Searches that staff keep under a name"),
    purpose=_("To open a list with one tap"),
    kept=_("Until their owner deletes them, or leaves"),
    purge=purge_views,
)
ENTRIES = (ENTRY, LEARNED, WORDS, VIEWS, ABSENCES, APPOINTMENTS)
