"""Measures triage: how often it is right by cross-validation on the shipped lines, how long it learns and guesses."""

import random
from collections.abc import Sequence

from bench.stand import medians, report, timed
from troubleshooting.triage.lines import Line, to_check, to_learn
from troubleshooting.triage.measure import TIERS, Right, measure
from troubleshooting.triage.model import learn

FOLDS, SEED = 5, 20261129
GUESS_LIMIT = 30  # milliseconds, as the whole suggestion


def run(*, quick: bool) -> None:
    """Print the shares that are right, the confusion of levels, and milliseconds to learn and to guess.

    The lines are shuffled with a fixed seed and cut into FOLDS parts; each is guessed by a model of the others.
    """
    lines = list(to_learn())
    random.Random(SEED).shuffle(lines)  # noqa: S311  (a split, no secret)
    right = Right()
    for fold in range(1 if quick else FOLDS):
        measured = _fold(lines, fold)
        _add(right, measured)
    for name in ("tier", "kind", "category", "among_three"):
        report(f"triage.{name}", 100 * getattr(right, name) / right.lines, "%", lines=right.lines)
    for tier in TIERS:
        report(f"triage.said_{tier}", right.confusion[tier][tier], "lines", guessed=right.confusion[tier])
    with timed() as passed:
        model = learn(lines)
    report("triage.learn", passed(), "ms", lines=len(lines))
    texts = [line.text for line in to_check()]
    found = medians({"guess": lambda: [model.guess(text) for text in texts]}, times=1 if quick else 5)
    report("triage.guess", found["guess"] / len(texts), "ms", limit=GUESS_LIMIT)


def _fold(lines: Sequence[Line], fold: int) -> Right:
    others = [line for at, line in enumerate(lines) if at % FOLDS != fold]
    return measure(learn(others), lines[fold::FOLDS])


def _add(total: Right, part: Right) -> None:
    for name in ("lines", "tier", "kind", "category", "among_three"):
        setattr(total, name, getattr(total, name) + getattr(part, name))
    for said in TIERS:
        for guessed in TIERS:
            total.confusion[said][guessed] += part.confusion[said][guessed]
