"""A search as the sources get it: its words with their meaning, the number that it names, where it goes on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from troubleshooting.models import Category
from troubleshooting.search.filters import Filters
from troubleshooting.search.spelling import Term, look_up, looked_for
from troubleshooting.search.words import typed

# "118", "F118", "#118", "fault 118": the number that people say.
NUMBER = re.compile(r"\W*(?:[^\W\d_]{1,9}\.?)?\W{0,2}(\d{1,15})\W*")


@dataclass(frozen=True)
class Asked:
    """`before` is the number of the last question of the page before; None on the first page."""

    filters: Filters
    terms: tuple[Term, ...]
    categories: Sequence[Category]
    before: int | None = None

    @property
    def words(self) -> list[str]:
        """The words that are looked for."""
        return [term.word for term in self.terms if not term.small]

    @property
    def meant(self) -> list[str]:
        """The near words that are looked for besides."""
        return [word for term in self.terms for word in term.meant]

    @property
    def query(self) -> str:
        """The words in the language of to_tsquery, '' where none is looked for."""
        return looked_for(self.terms)

    @property
    def number(self) -> int | None:
        """The number of a question, where the search seems to name one."""
        return _number(self.filters.q)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.words and not self.filters.narrows

    @property
    def only_small(self) -> bool:
        """Whether words were typed and none of them is looked for."""
        return bool(self.filters.q) and not self.words


def asked(filters: Filters, categories: Sequence[Category], before: int | None = None) -> Asked:
    """Return the search that `filters` ask for among the library's `categories`; at most two queries."""
    terms = look_up(typed(filters.q), bend=_number(filters.q) is None)
    return Asked(filters, tuple(terms), categories, before)


def _number(q: str) -> int | None:
    named = NUMBER.fullmatch(q)
    return int(named.group(1)) if named else None
