"""Every change to a guide: begin a draft, change its steps, drop it, publish it. Published versions never change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from helpdesk.actor import Actor
from troubleshooting.guides.graph import problems
from troubleshooting.lifecycle.moves import TicketRefused
from troubleshooting.models import Category, GuideStep, GuideVersion

MOST_STEPS = 40  # of a guide: far more than anybody climbs while somebody waits


@transaction.atomic
def begin_draft(*, category_id: int, by: Actor, now: datetime, number: int | None = None) -> GuideVersion:
    """Begin the draft of a category's guide as a copy of version `number`, without one of the live version; return it.

    Without a number the draft that is there already is returned. Raises TicketRefused: draft_there where an older
    version would take its place, unknown_version.
    """
    Category.objects.select_for_update(no_key=True).get(pk=category_id)
    versions = GuideVersion.objects.filter(category_id=category_id)
    draft = versions.filter(published_at=None).first()
    if draft and number is None:
        return draft
    if draft:
        sentence = _("There is a draft already. Publish it or drop it, then take up an older version.")
        raise TicketRefused("draft_there", sentence)
    source = versions.filter(is_live=True).first() if number is None else versions.filter(number=number).first()
    if source is None and number is not None:
        raise TicketRefused("unknown_version", _("There is no such version. Look at the guide again."))
    last = versions.aggregate(last=Max("number"))["last"] or 0
    draft = GuideVersion.objects.create(category_id=category_id, number=last + 1, made_at=now, **by.columns())
    if source:
        _copy(source, draft)
    return draft


def _copy(source: GuideVersion, draft: GuideVersion) -> None:
    rows = list(source.steps.all())
    for row in rows:
        row.pk, row.version, row.changes = None, draft, 0
    GuideStep.objects.bulk_create(rows)


@transaction.atomic
def drop_draft(*, draft_id: int, by: Actor) -> None:
    """Throw a draft away; the live version stays. Raises TicketRefused "no_draft"."""
    _draft(draft_id).delete()


@transaction.atomic
def publish(*, draft_id: int, by: Actor, now: datetime) -> GuideVersion:
    """Make a draft the live version, in one moment for every screen, and return it; doing it twice changes nothing.

    Raises TicketRefused: no_draft where it is gone, not_whole with the first thing that is wrong with it.
    """
    version = _lock(draft_id)
    if version.is_live:
        return version
    draft = _still_a_draft(version)
    wrong = problems([step.shape for step in draft.steps.all()], dict(settings.LANGUAGES))
    if wrong:
        raise TicketRefused("not_whole", _("Nothing was published. %(problem)s") % {"problem": wrong[0].sentence})
    GuideVersion.objects.filter(category_id=draft.category_id, is_live=True).update(is_live=False)
    draft.is_live, draft.published_at = True, now
    draft.by_kind, draft.by_user_id, draft.by_kiosk_id = by.kind, by.user_id, by.kiosk_id
    draft.save()
    return draft


@dataclass(frozen=True)
class Written:
    """What the form of a step holds. `texts` are {language: {"do": ..., "ask": ...}}, empty ones left out."""

    texts: Mapping[str, Mapping[str, str]]
    picture: str
    patron: bool
    yes: str
    no: str


@transaction.atomic
def add_step(*, draft_id: int, written: Written, by: Actor, now: datetime) -> GuideStep:
    """Add a step at the end of a draft and return it; the step before it leads there where it ended the guide.

    Raises TicketRefused: no_draft, too_many.
    """
    draft = _draft(draft_id)
    before = list(draft.steps.all())
    if len(before) >= MOST_STEPS:
        raise TicketRefused("too_many", _("A guide has at most 40 steps. Delete one, or lead to a person earlier."))
    step = GuideStep(version=draft, key=_free_key(before), position=1 + max((s.position for s in before), default=0))
    _write(step, written)
    if before and not {each.key for each in before} & {before[-1].no}:
        before[-1].no = step.key
        before[-1].save(update_fields=["no"])
    return step


@transaction.atomic
def change_step(*, step_id: int, changes: int, written: Written, by: Actor, now: datetime) -> GuideStep:
    """Write a step of a draft anew and return it. `changes` is the count that the form was opened with.

    Raises TicketRefused: no_draft, no_step, stale where somebody saved it meanwhile.
    """
    step = _step(step_id)
    if step.changes != changes:
        sentence = _("Someone saved this step meanwhile. Your words are still here: save again to keep them.")
        raise TicketRefused("stale", sentence)
    _write(step, written)
    return step


@transaction.atomic
def move_step(*, step_id: int, up: bool, by: Actor) -> GuideStep:
    """Let a step change places with its neighbour and return it; at the edge nothing happens. Raises no_draft, no_step.

    The first step is where the guide begins.
    """
    step = _step(step_id)
    order = list(step.version.steps.all())
    place = [each.pk for each in order].index(step.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        first, second = order[place], order[other]
        first.position, second.position = second.position, first.position
        GuideStep.objects.bulk_update([first, second], ["position"])  # one UPDATE: the order is checked after it
    return step


@transaction.atomic
def remove_step(*, step_id: int, by: Actor) -> GuideStep:
    """Delete a step of a draft and return it; what led there leads to where its No went. Raises no_draft, no_step."""
    step = _step(step_id)
    target = step.no if step.no != step.key else "desk"
    for name in ("yes", "no"):
        step.version.steps.filter(**{name: step.key}).update(**{name: target})
    GuideStep.objects.filter(pk=step.pk).delete()
    return step


def _lock(version_id: int) -> GuideVersion:
    """Lock the category, so that one person at a time changes its guide, and return the version as it is then."""
    category_id = GuideVersion.objects.filter(pk=version_id).values_list("category_id", flat=True).first()
    if category_id is None:
        raise _gone()
    Category.objects.select_for_update(no_key=True).get(pk=category_id)
    version = GuideVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise _gone()
    return version


def _draft(draft_id: int) -> GuideVersion:
    return _still_a_draft(_lock(draft_id))


def _still_a_draft(version: GuideVersion) -> GuideVersion:
    if version.published_at is not None:
        raise _gone()
    return version


def _gone() -> TicketRefused:
    return TicketRefused("no_draft", _("This draft was published or dropped meanwhile. Begin a new one."))


def _step(step_id: int) -> GuideStep:
    version_id = GuideStep.objects.filter(pk=step_id).values_list("version_id", flat=True).first()
    draft = _draft(version_id or 0)
    step = draft.steps.filter(pk=step_id).first()
    if step is None:
        raise TicketRefused("no_step", _("This step was deleted meanwhile. Look at the draft again."))
    return step


def _write(step: GuideStep, written: Written) -> None:
    step.texts = {code: dict(text) for code, text in written.texts.items()}
    step.picture, step.patron = written.picture, written.patron
    step.yes, step.no = written.yes, written.no
    step.changes += 1
    step.save()


def _free_key(steps: list[GuideStep]) -> str:
    taken = {step.key for step in steps}
    return next(key for number in range(1, MOST_STEPS + 2) if (key := f"step-{number}") not in taken)
