"""The verb that learns from solved tickets and switches the new model in, unless it would be worse."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from helpdesk.actor import Actor
from helpdesk.db import refused_by
from troubleshooting.models import TriageModel
from troubleshooting.triage import in_use
from troubleshooting.triage.lines import to_check, to_learn
from troubleshooting.triage.measure import Right, measure
from troubleshooting.triage.model import Model, learn
from troubleshooting.triage.own_lines import allowed_features, own_lines

NO_TICKETS = "no solved tickets to learn from"
ONE_CATEGORY = "all solved tickets are of one category"
WORSE = "right less often on the held-out lines"
OVERTAKEN = "another model was switched in meanwhile"


class _OvertakenError(Exception):
    """Somebody else's model was first."""


@dataclass(frozen=True)
class Retrained:
    """What came of it: the row that was written, none where there was nothing to do; `said` for the log."""

    row: TriageModel | None
    said: str

    @property
    def switched(self) -> bool:
        return self.row is not None and self.row.in_use


def retrain(*, by: Actor, now: datetime) -> Retrained:
    """Learn from the shipped lines and the solved tickets; use the new model if it is never worse on held-out lines.

    Compared are tier, category and category among three, on lines that neither model has seen: the shipped ones
    kept for this and each fifth ticket. Reading and learning take seconds, so they happen before the transaction.
    """
    shipped = to_learn()
    own = own_lines(shipped)
    if not own.learned:
        return Retrained(None, NO_TICKETS)
    if len({line.category for line in own.learned}) == 1:
        return Retrained(None, ONE_CATEGORY)
    replaces = TriageModel.objects.filter(in_use=True).values_list("pk", flat=True).first()
    model = learn((*shipped, *own.learned), features_allowed=allowed_features(shipped, own.learned))
    check = (*to_check(), *own.held_out)
    before, after = measure(in_use.current(), check), measure(model, check)
    row = TriageModel(
        made_at=now,
        by_kind=by.kind,
        in_use=after.never_worse_than(before),
        tickets=len(own.learned),
        checked_on=after.lines,
        right_before=before.counts(),
        right_now=after.counts(),
    )
    return _written(row, model, before, replaces)


def _written(row: TriageModel, model: Model, before: Right, replaces: int | None) -> Retrained:
    if not row.in_use:
        row.kept_out = WORSE
        row.save()
        return Retrained(row, WORSE)
    row.body = model.stored()
    try:
        _switch(row, replaces)
    except _OvertakenError:
        return Retrained(None, OVERTAKEN)
    return Retrained(row, f"in use, learned from {row.tickets} tickets")


@transaction.atomic
def _switch(row: TriageModel, replaces: int | None) -> None:
    """Put `row` in the place of the row `replaces`, the one it was compared with, or not at all."""
    used = TriageModel.objects.select_for_update(no_key=True).filter(in_use=True).first()
    if (used.pk if used else None) != replaces:
        raise _OvertakenError
    TriageModel.objects.filter(in_use=True).update(in_use=False, body={})
    with refused_by("triage_model_one_in_use", _OvertakenError()):
        row.save()
