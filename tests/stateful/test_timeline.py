"""Random games of all verbs by several actors: the product and a plain model of timeline and line never differ."""

import os
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from reservations.models import Booking, Turn
from reservations.rules import Refused
from tests.stateful.compare import broken_invariants, differences, read
from tests.stateful.model import No, Place, Row, World
from tests.stateful.steps import BEGINNINGS, SCENES, VERBS, chosen
from tests.stateful.worlds import PEOPLE, POLICIES, SEATS, Real

SEQUENCES = int(os.environ.get("SEQUENCES", "2000"))
SEED = int(os.environ.get("SEED", "20261124"))
GAMES = st.tuples(
    st.integers(0, len(POLICIES) - 1),
    st.sampled_from(BEGINNINGS),
    st.sampled_from(SCENES),
    st.lists(st.binary(min_size=12, max_size=12), min_size=8, max_size=18),
)
pytestmark = pytest.mark.django_db(transaction=True)


def play(real, rules, game, counts):
    """Play one game on both sides; stop at the first difference with what led to it."""
    beginning, scene, steps = game
    w, story, promised = World(rules, SEATS, PEOPLE, beginning), [], {}
    real.begin()
    counts["games"] += 1
    for step in [*scene, *steps]:
        move = chosen(w, step) if isinstance(step, bytes) else step
        if move is None:
            continue
        name, by, args = move
        story.append(f"{w.now // 60 % 24:02d}:{w.now % 60:02d} {name} {args} by {by.role or by.kind} {by.reason!r}")
        verdict, said = compared(w, real, move, promised)
        assert not said, "\n".join(["product, then model:", *map(str, said), "after:", *story])
        counts["steps"] += 1
        counts[name, verdict] += 1


def compared(w, real, move, promised):
    """Make one move on both sides; return the verdict and every difference."""
    name, by, args = move
    theirs, ours = by_model(w, name, by, args), by_product(real, w.now, name, by, args)
    found = read(real, w.now)
    ours = named(real, ours)
    said = [("answer", ours, theirs)] if ours != theirs else []
    return theirs[0], said + differences(w, found) + broken_invariants(w, found, promised)


def by_model(w, name, by, args):
    saved = w.saved()
    kept = {"row": w.rows, "turn": w.turns}
    things = {k: kept[k][v] if k in kept and v is not None else v for k, v in args.items()}
    try:
        result = VERBS[name](w, by, **things)
    except No as no:
        w.back_to(saved)
        return "refused", no.codes
    kind = "row" if isinstance(result, Row) else "place" if isinstance(result, Place) else None
    return "accepted", (kind, result.at) if kind else result


def by_product(real, now, name, by, args):
    try:
        return "accepted", getattr(real, name)(by, now, **args)
    except Refused as refused:
        return "refused", refused.codes


def named(real, answer):
    """Return the product's answer with its rows and places by their number in this game."""
    verdict, result = answer
    if isinstance(result, Booking):
        return verdict, ("row", [row[0] for row in real.rows].index(result.pk))
    if isinstance(result, Turn):
        return verdict, ("place", [place[0] for place in real.places].index(result.pk))
    return verdict, result


def games(number):
    """Play `number` random games, each rolled back, and return what was done how often."""
    worlds, counts = [Real(rules) for rules in POLICIES], Counter()

    @seed(SEED)
    @settings(
        max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )  # fmt: skip
    @given(GAMES)
    def play_one(game):
        policy, *played = game
        with transaction.atomic():
            play(worlds[policy], POLICIES[policy], played, counts)
            transaction.set_rollback(True)

    play_one()
    return counts


def said_of(counts):
    """Return the statistics of the games as lines of text."""
    lines = [f"{counts['games']} sequences, {counts['steps']} steps, no difference; by verb, accepted and refused:"]
    lines += [f"  {name:<12}{counts[name, 'accepted']:>8}{counts[name, 'refused']:>8}" for name in VERBS]
    return "\n" + "\n".join(lines)


@pytest.mark.db
def test_a_few_random_sequences_find_no_difference_between_the_product_and_the_model():
    assert games(5)["games"] >= 5


@pytest.mark.slow
def test_random_sequences_of_all_verbs_find_no_difference_between_the_product_and_the_model(capsys):
    counts = games(SEQUENCES)
    with capsys.disabled():
        print(said_of(counts))
    assert all(counts[name, "accepted"] for name in VERBS) or SEQUENCES < 2000
