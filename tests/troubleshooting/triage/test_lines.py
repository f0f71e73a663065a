"""The shipped lines: enough of each, in the words of the taxonomy, and none that tells what we test on."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from helpdesk.personal import identifies, looks_personal
from troubleshooting.categories import SHIPPED
from troubleshooting.triage import lines
from troubleshooting.triage.taxonomy import COUNTED_AS, WIDER, wider

UNSEEN = Path(__file__).with_name("unseen.csv")
ALIKE = 0.5  # share of the letter triples of two lines


def unseen() -> list[dict[str, str]]:
    with UNSEEN.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def triples(text: str) -> set[str]:
    """Return the letter triples of each word, as PostgreSQL's pg_trgm counts them."""
    words = [f"  {word} " for word in re.findall(r"\w+", text.lower())]
    return {word[at : at + 3] for word in words for at in range(len(word) - 2)}


def too_alike(texts: list[str], others: list[str]) -> list[str]:
    theirs = [triples(other) for other in others]
    return [
        text
        for text in texts
        if any(len(own & other) > ALIKE * len(own | other) for own in [triples(text)] for other in theirs)
    ]


def count(language: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for path in lines.SHIPPED.glob(f"*.{language}.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            counted.update(wider(row["category"]) for row in csv.DictReader(file))
    return counted


@pytest.mark.parametrize(("language", "least"), [("en", 25), ("es", 10)])
def test_each_category_of_the_taxonomy_has_enough_lines(language: str, least: int) -> None:
    counted = count(language)
    assert {row["category"]: counted[row["category"]] for row in unseen() if counted[row["category"]] < least} == {}


def test_no_line_is_like_one_that_we_test_on() -> None:
    ours = [line.text for line in (*lines.to_learn(), *lines.to_check())]
    assert too_alike(ours, [row["text"] for row in unseen()]) == []


def test_the_likeness_test_can_fail() -> None:
    assert too_alike(["There is a paper jam in the printer"], ["There's a paper jam in the printer"]) != []


def test_no_line_to_check_with_is_one_to_learn_from() -> None:
    assert {line.text for line in lines.to_check()} & {line.text for line in lines.to_learn()} == set()


def test_no_line_is_there_twice() -> None:
    assert [text for text, many in Counter(line.text for line in lines.to_learn()).items() if many > 1] == []


def test_lines_use_the_categories_and_kinds_of_the_product() -> None:
    found = (*lines.to_learn(), *lines.to_check())
    assert {line.category for line in found} <= {row.code for row in SHIPPED}
    assert {line.kind for line in found} == set(COUNTED_AS)
    assert {line.tier for line in found} == {0, 1, 2, 3}


def test_lines_hold_nothing_personal() -> None:
    assert [line.text for line in lines.to_learn() if looks_personal(line.text) or identifies(line.text)] == []


def test_finer_categories_and_their_wider_ones_are_shipped() -> None:
    assert {*WIDER, *WIDER.values()} <= {row.code for row in SHIPPED}
