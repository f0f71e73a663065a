"""What was tried, as forms and addresses carry it: "12:no" for each step, before there is a question to keep it on."""

from collections.abc import Mapping
from typing import Any

from troubleshooting.guides.ladder import ANSWERS

TRIED, ANSWER, UNDO = "tried", "answer", "undo"  # earlier answers, the one that is given now, one that is taken back
MOST = 40  # answers read; no guide is longer
DIGITS = 18  # of a step's number


def tried_in(sent: Any) -> dict[int, str]:
    """Return the answers that a form or an address carries, by step, in the order they were given.

    What is no answer is passed over: it comes from a browser.
    """
    values = [*_all(sent, TRIED)[:MOST], *_all(sent, ANSWER)[:1]]
    found = dict(pair for value in values if (pair := pair_in(value)))
    for undone in _all(sent, UNDO)[:1]:
        found = {step: answer for step, answer in found.items() if str(step) != undone}
    return found


def pair_in(value: str) -> tuple[int, str] | None:
    """Return step and answer of "12:no", or None."""
    step, _colon, answer = value.partition(":")
    return (int(step), answer) if is_step(step) and answer in ANSWERS else None


def is_step(text: str) -> bool:
    """Return whether `text` can be the number of a step."""
    return text.isascii() and text.isdigit() and len(text) <= DIGITS


def carried(tried: Mapping[int, str]) -> list[str]:
    """Return the values by which a form carries what was tried."""
    return [f"{step}:{answer}" for step, answer in tried.items()]


def _all(sent: Any, name: str) -> list[str]:
    return list(sent.getlist(name)) if hasattr(sent, "getlist") else []
