"""A refusal is data: what does not fit, in numbers, and what would."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True)
class Problem:
    """One rule that a request breaks.

    `code` is stable (views and tests compare it); `sentence` is for the patron (design.md section 5 "Refusal");
    `rule` and `value` are for staff; `next_at` and `next_minutes` are the nearest moment and length this rule
    alone would allow, where it can tell; `sums` are the minutes that the refusal panel draws;
    `lift_by` is the least role that may override it, "" when nobody can (physics).
    """

    code: str
    sentence: str | Promise
    rule: str | Promise
    value: str = ""
    next_at: datetime | None = None
    next_minutes: int | None = None
    lift_by: str = "desk"
    sums: dict[str, int] = field(default_factory=dict)


class Refused(Exception):
    """The domain error of reservations: why not, as data."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = list(problems)

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]
