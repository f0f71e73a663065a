"""How a contradiction is said and found: two figures of a policy that cannot both hold. No ORM, no clock."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk import words

Columns = Mapping[str, Any]


@dataclass(frozen=True)
class Contradiction:
    """`field` is the column to change, of the policy or, with `class_id`, of a class rule."""

    field: str
    sentence: str
    class_id: int | None = None


Check = Callable[[Columns], Iterator[Contradiction]]


def number(columns: Columns, name: str) -> int | None:
    value = columns.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def most(small: str, large: str, sentence: Callable[[], str], *, below: bool = False, field: str = "") -> Check:
    """Return the check that `small` is at most `large` (with `below` less than it); `sentence` says what to do.

    `field` is the one to change, where it is not `small`.
    """

    def check(columns: Columns) -> Iterator[Contradiction]:
        one, two = number(columns, small), number(columns, large)
        if one is not None and two is not None and (one > two or (below and one == two)):
            said = {"one": words.length(one), "two": words.length(two), "few": one, "many": two}
            yield Contradiction(field or small, sentence() % said)

    return check
