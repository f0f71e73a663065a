"""How long words are kept: the free text of a question goes 90 days after it was done, the figures stay."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.registry import PurgeEntry
from troubleshooting.models import SavedView, SearchWord, Ticket, TicketEvent, TriageModel
from troubleshooting.models.ticket import State

KEPT = timedelta(days=90)  # library-practice.md section 4.2, rule 5


@transaction.atomic
def purge_words(now: datetime, dry_run: bool) -> int:
    """Blank text, answer and notes of questions done 90 days ago; return how many questions had any.

    Category, level and times stay. Running it twice changes nothing; `dry_run` only counts.
    """
    old = Ticket.objects.filter(state=State.DONE, done_at__lte=now - KEPT)
    notes = TicketEvent.objects.filter(ticket__in=old).exclude(text="")
    worded = set(old.filter(~Q(text="") | ~Q(answer="")).values_list("pk", flat=True))
    worded |= set(notes.values_list("ticket_id", flat=True))
    if not dry_run:
        TicketEvent.objects.filter(pk__in=notes.values_list("pk", flat=True)).update(text="")
        Ticket.objects.filter(pk__in=worded).update(text="", answer="")
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

PURGES = (ENTRY, LEARNED, WORDS, VIEWS)
