"""The waiting line right now, through the verbs: people join, one misses the call, the next is called."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from helpdesk.actor import patron
from reservations.booking.dispatch import advance
from reservations.booking.join import join
from reservations.demo.scene import Scene, unless_refused
from reservations.demo.scenes import LINE, SERVED
from reservations.models import Patron


def plan_line(scene: Scene) -> None:
    """Let people join the line some minutes ago, each with a wish, and give out the seats that were free then."""
    waiters = list(scene.library.waiters)
    for minutes, needs in LINE.get(scene.branch.slug, ()):
        moment = scene.at(minutes)
        if moment:
            scene.steps.append((moment, _join(scene, waiters.pop(0), frozenset(needs), moment)))
    for minutes in SERVED.get(scene.branch.slug, ()):
        moment = scene.at(minutes)
        if moment:
            scene.steps.append((moment, partial(_serve, scene, moment)))


def _join(scene: Scene, who: Patron, needs: frozenset[str], moment: datetime) -> Callable[[], None]:
    verb = partial(join, branch_id=scene.branch.pk, patron=who, needs=needs, by=patron(), now=moment)

    def step() -> None:
        unless_refused(partial(verb, request_key=uuid.uuid4()))

    return step


def _serve(scene: Scene, moment: datetime) -> None:
    advance(branch_id=scene.branch.pk, now=moment)
