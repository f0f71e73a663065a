"""What the words of a search mean: small words fall out, endings do not count, an unknown word is a near one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.lookups import TrigramSimilar
from django.db import connection
from django.db.models import F, Q, Value

from troubleshooting.models import SearchWord
from troubleshooting.search.words import apart, near, shared

STEM_LEAST = 4  # letters that a stem must have to stand for all words that begin so
EXACT_MOST = 2  # letters of a word that stands for itself only
WRONG_LEAST = 3  # letters of a word that may be misspelt
TWO_WRONG = 6  # letters from which two may be wrong
MEANT = 3  # near words that are looked for besides

# The dictionaries know the small words and the stems of both languages.
LOOK = """
SELECT w.typed, unaccent(w.typed), ts_lexize('english_stem', w.typed), ts_lexize('spanish_stem', w.typed), v.tickets
FROM unnest(%s::text[]) WITH ORDINALITY AS w(typed, place)
LEFT JOIN troubleshooting_searchword v ON v.word = unaccent(w.typed)
ORDER BY w.place
"""


@dataclass(frozen=True)
class Term:
    """A word of a search: `begins` and `whole` are what counts as it, `meant` the near words of one that nobody has.

    `tickets` is how many questions have the word itself, None where it is not known; a `small` word is not looked for.
    """

    word: str
    begins: tuple[str, ...]
    whole: tuple[str, ...]
    tickets: int | None
    small: bool
    meant: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The term in the language of to_tsquery. Its words are letters and figures only."""
        parts = [f"'{word}':*" for word in (*self.begins, *self.meant)] + [f"'{word}'" for word in self.whole]
        return f"({' | '.join(parts)})"


def look_up(words: Sequence[str], *, bend: bool = True) -> list[Term]:
    """Return a term for each of the plain `words`; one query, and one more where a word is not known.

    Without `bend` an unknown word is taken as it is.
    """
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [list(words)])
        terms = [_term(*row) for row in cursor.fetchall()]
    unknown = [term for term in terms if term.tickets is None and not term.small and len(term.word) >= WRONG_LEAST]
    unknown = [term for term in unknown if term.word.isalpha()]
    if not unknown or not bend:
        return terms
    known = _neighbours(unknown)
    return [replace(term, meant=_meant(term.word, known)) if term in unknown else term for term in terms]


def looked_for(terms: Iterable[Term]) -> str:
    """Return the query that finds what has all `terms`; '' where there is none but small words."""
    return " & ".join(term.query for term in terms if not term.small)


def _term(typed: str, word: str, english: list[str] | None, spanish: list[str] | None, tickets: int | None) -> Term:
    small = english == [] or spanish == []
    stems = [stem for stems in (english, spanish) for stem in stems or ()]
    alike = {shared(word, stem) for stem in stems}
    begins = {word} if len(word) > EXACT_MOST and not word.isdigit() else set()
    begins |= {stem for stem in alike if len(stem) >= STEM_LEAST}
    least = {stem for stem in begins if not any(stem != other and stem.startswith(other) for other in begins)}
    # "job" stands for "jobs", but not "pap" for "paper".
    one_of_many = {stem for stem in alike if word in (f"{stem}s", f"{stem}es")}
    whole = ({stem for stem in one_of_many if len(stem) < STEM_LEAST} | {word}) - begins
    return Term(word, tuple(sorted(least)), tuple(sorted(whole)), tickets, small)


def _neighbours(terms: Iterable[Term]) -> dict[str, int]:
    """Return the known words that begin like, look like, or are one letter off any of the terms."""
    wanted = Q()
    for term in terms:
        wanted |= Q(word__startswith=term.word) | Q(word__in=sorted(near(term.word)))
        if len(term.word) >= TWO_WRONG:
            wanted |= Q(TrigramSimilar(F("word"), Value(term.word)))
    return dict(SearchWord.objects.filter(wanted).values_list("word", "tickets"))


def _meant(word: str, known: dict[str, int]) -> tuple[str, ...]:
    """Return the nearest of the `known` words, the more usual ones first; none for the beginning of a known word."""
    if any(each.startswith(word) for each in known):
        return ()
    allowed = 2 if len(word) >= TWO_WRONG else 1
    near_by = [(apart(word, each), -tickets, each) for each, tickets in known.items()]
    within = sorted(found for found in near_by if found[0] <= allowed)
    return tuple(each for steps, _tickets, each in within if steps == within[0][0])[:MEANT]
