"""Measures the import of a large file of local cards: time, rows a second, and how much memory it adds."""

import os
import random
import resource
import tempfile
from collections.abc import Iterator

from bench.stand import report, timed
from helpdesk import clock
from helpdesk.actor import SYSTEM
from reservations.cards.importing import begin_import, import_batch, receive

CARDS = 100_000
QUICK_CARDS = 10_000
SECONDS = 60  # limit of the whole import of CARDS
MEGABYTES = 64  # limit of what it adds to the process


def run(*, quick: bool) -> None:
    """Print how long reading and importing take, and the growth of the process."""
    many = QUICK_CARDS if quick else CARDS
    with tempfile.TemporaryFile() as file:
        file.writelines(_lines(many))
        file.seek(0)
        before = _peak()
        with timed() as passed:
            read = receive(stream=file, by=SYSTEM, now=clock.now())
            reading = passed() / 1000
            begin_import(card_import=read, by=SYSTEM, now=clock.now())
            while import_batch(pk=read.pk, now=clock.now()):
                pass
            whole = passed() / 1000
    report("cards.import", whole, "s", limit=SECONDS * many / CARDS, cards=many, reading=round(reading, 1))
    report("cards.import.rate", many / whole, "cards a second")
    report("cards.import.memory", _peak() - before, "MB", limit=MEGABYTES, load=os.getloadavg()[0])


def _lines(many: int) -> Iterator[bytes]:
    chance = random.Random(7)  # noqa: S311  (no secret)
    yield b"number,pin,birth_date,expires_on\n"
    for n in range(many):
        born = f"{chance.randrange(1940, 2022)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        yield f"2999{n:010d},{chance.randrange(10000):04d},{born},2035-12-31\n".encode()


def _peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
