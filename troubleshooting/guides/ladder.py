"""Where somebody stands in a guide: what was tried, the step to try now or the end that was reached. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from troubleshooting.guides.shape import ENDS, Step

YES, NO, SKIPPED = "yes", "no", "skipped"
ANSWERS = (YES, NO, SKIPPED)


@dataclass(frozen=True)
class Ladder:
    """`current` is the step to try now, None at an end; `end` is the end, "" on the way; `rest` waits its turn."""

    current: Step | None
    end: str
    rest: tuple[Step, ...]


def climb(steps: Sequence[Step], answers: Mapping[str, str]) -> Ladder:
    """Return where the answers, by the key of their step, lead from the entry; steps without one stop the way.

    A way that leads nowhere or round, as a draft's may, ends at the desk.
    """
    by_key = {step.key: step for step in steps}
    passed: set[str] = set()
    here = steps[0].key if steps else ""
    while here in by_key and here in answers and here not in passed:
        passed.add(here)
        here = by_key[here].leads_to(answers[here])
    current = by_key.get(here) if here not in passed else None
    end = "" if current or not steps else here if here in ENDS else ENDS[1]
    rest = tuple(step for step in steps if step.key not in answers and step != current)
    return Ladder(current, end, rest)
