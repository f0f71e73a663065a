"""What the library's own solved tickets teach: lines with the category and tier that staff left them with."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from helpdesk.personal import identifies, looks_personal
from troubleshooting.models import Ticket
from troubleshooting.models.ticket import Channel, Outcome, State
from troubleshooting.triage.features import features
from troubleshooting.triage.lines import Line
from troubleshooting.triage.taxonomy import USUAL_KIND

NEWEST = 3000  # tickets: what the nightly job reads
HELD_OUT = 5  # each fifth ticket is never learned from, so that two models can be compared on it
CHECKED = 500  # of those, the newest
SEEN_IN = 3  # tickets: a word of fewer stays out of the model (it could tell of one person)
NOT_SORTED = ("other", "phone")  # categories that say nothing about the words


class OwnLines(NamedTuple):
    """Lines to learn from and lines to check with, from different tickets."""

    learned: list[Line]
    held_out: list[Line]


def own_lines(shipped: Sequence[Line]) -> OwnLines:
    """Return the lines of the newest solved tickets. Texts that seem to hold a number of a person are left out."""
    kinds = _kinds(shipped)
    lines = OwnLines([], [])
    for ticket in _solved():
        if looks_personal(ticket.text) or identifies(ticket.text):
            continue
        code = ticket.category.code
        kind = kinds.get((code, ticket.tier), USUAL_KIND[ticket.kind])
        line = Line(ticket.text, code, ticket.tier, kind)
        (lines.held_out if ticket.pk % HELD_OUT == 0 else lines.learned).append(line)
    return OwnLines(lines.learned, lines.held_out[:CHECKED])


def allowed_features(shipped: Iterable[Line], own: Iterable[Line]) -> set[str]:
    """Return the features that may enter a model: those of shipped lines, and those of three tickets or more."""
    seen = Counter(name for line in own for name in features(line.text))
    common = {name for name, count in seen.items() if count >= SEEN_IN}
    return common.union(*(features(line.text) for line in shipped))


def _solved() -> Iterable[Ticket]:
    solved = Ticket.objects.filter(
        state=State.DONE, outcome__in=[Outcome.ANSWERED, Outcome.FIXED, Outcome.REFERRED]
    ).exclude(text="")
    ours = solved.exclude(channel=Channel.SYSTEM).exclude(category__code__in=NOT_SORTED)
    return ours.select_related("category").order_by("-done_at", "-pk")[:NEWEST]


def _kinds(shipped: Iterable[Line]) -> dict[tuple[str, int], str]:
    """Return the most usual kind of each category and tier; a ticket knows a coarser one only."""
    seen: dict[tuple[str, int], Counter[str]] = {}
    for line in shipped:
        seen.setdefault((line.category, line.tier), Counter())[line.kind] += 1
    return {place: kinds.most_common(1)[0][0] for place, kinds in seen.items()}
