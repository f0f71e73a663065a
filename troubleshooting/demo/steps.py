"""Six weeks of answers to the steps of guides: what patrons tried at kiosks, and what the desk went on with."""

from datetime import datetime, timedelta

from reservations.public import demo
from troubleshooting.complaints import COMPLAINTS
from troubleshooting.guides.ladder import NO, YES, climb
from troubleshooting.guides.live import Guide, live_guide
from troubleshooting.guides.shape import SOLVED, Step
from troubleshooting.models import Category, GuideAnswer, Ticket, TicketEvent
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Channel, Outcome, State

WEEKS = 6
A_DAY = {"harbour": 4, "millbrook": 2, "ridgeview": 2, "cedar-flats": 2, "glacier-road": 1}
HELPS = (0.4, 0.3, 0.2, 0.25)  # how often a step solves it, by its place in the guide; later ones as the last
NEVER = "printing"  # the category whose second step for patrons never does
MINUTE = timedelta(minutes=1)


def build_steps(library: demo.Library, *, now: datetime) -> None:
    """Write what was tried in the last weeks: done questions from kiosks, each with its answers."""
    guides = {row: guide for row in _asked_at_kiosks() if (guide := live_guide(row.pk))}
    tickets: list[Ticket] = []
    answers: list[GuideAnswer] = []
    for slug, branch in library.branches.items() if guides else ():
        calendar = library.calendars[slug]
        today = calendar.branch_day(now)
        for ago in range(WEEKS * 7, 0, -1):
            for start, end in calendar.open_spans(today - timedelta(days=ago)):
                for _time in range(A_DAY[slug]):
                    category = library.chance.choice(list(guides))
                    at = start + (end - start) * library.chance.random()
                    ticket = _ticket(library, slug, category, at)
                    tickets.append(ticket)
                    answers += _answers(library, ticket, guides[category])
                    ticket.branch = branch
    Ticket.objects.bulk_create(tickets)
    GuideAnswer.objects.bulk_create(answers)
    TicketEvent.objects.bulk_create(_events(tickets))


def _asked_at_kiosks() -> list[Category]:
    return list(Category.objects.filter(code__in=[card.category for card in COMPLAINTS]))


def _ticket(library: demo.Library, slug: str, category: Category, at: datetime) -> Ticket:
    return Ticket(
        category=category,
        tier=Tier.DESK,
        kind=category.kind,
        channel=Channel.KIOSK,
        state=State.DONE,
        outcome=Outcome.FIXED,
        owner=library.staff[f"desk-{slug}"],
        opened_at=at,
        done_at=at + library.chance.randint(2, 9) * MINUTE,
        read_level=category.read_level,
    )


def _answers(library: demo.Library, ticket: Ticket, guide: Guide) -> list[GuideAnswer]:
    """Climb the guide by chance; what a patron solved alone never reached the desk."""
    given: dict[str, str] = {}
    rows: list[GuideAnswer] = []
    while step := climb(guide.steps, given).current:
        given[step.key] = YES if library.chance.random() < _chance(ticket, guide, step) else NO
        row = GuideAnswer(
            ticket=ticket, step_id=step.pk or 0, answer=given[step.key], at=ticket.opened_at, by_kind="staff"
        )
        if step.is_offered:
            row.by_kind = "patron"
        else:
            row.by_user = ticket.owner
        rows.append(row)
    if all(row.by_kind == "patron" for row in rows) and climb(guide.steps, given).end == SOLVED:
        ticket.tier, ticket.owner = Tier.SELF_HELP, None
    return rows


def _chance(ticket: Ticket, guide: Guide, step: Step) -> float:
    for_patrons = [each for each in guide.steps if each.is_offered]
    if ticket.category.code == NEVER and for_patrons[1:2] == [step]:
        return 0
    return HELPS[min(guide.steps.index(step), len(HELPS) - 1)]


def _events(tickets: list[Ticket]) -> list[TicketEvent]:
    """Return the lines of their stories: asked by a patron, finished by whoever has it."""
    events = []
    for ticket in tickets:
        ends = "staff" if ticket.owner_id else "patron"
        events.append(
            TicketEvent(ticket=ticket, at=ticket.opened_at, what="logged", by_kind="patron", to_tier=ticket.tier)
        )
        last = TicketEvent(
            ticket=ticket, at=ticket.done_at or ticket.opened_at, what="resolved", by_kind=ends, to_tier=ticket.tier
        )
        last.by_user_id = ticket.owner_id
        events.append(last)
    return events
