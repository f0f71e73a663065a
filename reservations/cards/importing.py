"""The import of local cards: read a file into staged rows, then turn them into cards, a batch a transaction.

What is staged is what a card keeps: keys, hashed PINs, bands. So no file with numbers and PINs waits anywhere. Killed
at any moment, both steps go on from where the last commit stands; doing one twice changes nothing. See docs/adr/0013.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk import bell
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.cards.lines import row_of
from reservations.cards.reading import CardFile
from reservations.models import Card, CardImport, CardImportRow
from reservations.models.cards import OPEN_STATES, ImportState
from reservations.patrons.keys import file_digest
from reservations.rules.problem import Problem, Refused
from reservations.table_file import LineRefused, is_blank

BATCH = 1000  # lines, then rows, of one transaction
REPORTED = 1000  # refused lines that the report names; the rest is counted
LEFT = timedelta(seconds=30)
TASK = "reservations.import_cards"
STAGED = ["line", "alias", "pin_hash", "age_band", "band_until", "expires_on", "is_removal"]
BANDS = {"age_band", "birth_date"}

BUSY = Problem(
    "import_busy", _("This file is being read already. Look at the list of imports."), _("Import"), lift_by=""
)
NOT_READY = Problem(
    "import_not_ready", _("This import has ended or has not been read yet. Look at the list."), _("Import"), lift_by=""
)
Progress = Callable[[int], None]  # is told how many lines have been read


def _silent(_lines: int) -> None:
    """Tell nobody."""


def receive(*, stream: BinaryIO, by: Actor, now: datetime, progress: Progress = _silent) -> CardImport:
    """Read a file of cards and return its import, ready or unfit; no card is changed yet.

    A file whose reading was cut off goes on after its last committed line; one that waits to be imported is returned
    as it stands. Raises Refused: what CardFile says of a file, and `import_busy` while somebody else reads the same.
    """
    digest = file_digest(stream)
    file = CardFile(stream)
    try:
        started = _begin(digest, file, by, now)
        if started.state != ImportState.READING:
            return started
        skipped = started.lines
        lines = ((number, line) for number, line in file if number > skipped)
        while batch := list(islice(lines, BATCH)):
            _stage(started.pk, file, batch, skipped, now)
            skipped = batch[-1][0]
            progress(skipped)
        return _finish(started.pk, now)
    finally:
        file.close()


@transaction.atomic
def _begin(digest: str, file: CardFile, by: Actor, now: datetime) -> CardImport:
    there = CardImport.objects.filter(digest=digest, state__in=OPEN_STATES).first()
    if there:
        return there
    started = CardImport(
        digest=digest,
        columns=file.columns,
        lines=file.head_line,
        made_at=now,
        moved_at=now,
        made_by_id=by.user_id,
    )
    with refused_by("card_import_once_at_a_time", Refused(BUSY)):
        started.save(force_insert=True)
    return started


@transaction.atomic
def _stage(pk: int, file: CardFile, batch: list[tuple[int, str]], after: int, now: datetime) -> None:
    """Stage one batch of lines. Of a card that stands there twice the last line wins."""
    reading = CardImport.objects.select_for_update(no_key=True).get(pk=pk)
    if reading.state != ImportState.READING or reading.lines != after:
        raise Refused(BUSY)
    today = timezone.localtime(now).date()
    rows: dict[str, CardImportRow] = {}
    for number, line in batch:
        if is_blank(line):
            continue
        try:
            row = row_of(file.cells(line), today)
        except LineRefused as refused:
            _report(reading, number, refused.code)
            continue
        reading.counts["accepted"] = reading.counts.get("accepted", 0) + 1
        rows[row["key"]] = CardImportRow(card_import=reading, line=number, **row)
    CardImportRow.objects.bulk_create(
        [rows[key] for key in sorted(rows)],
        update_conflicts=True,
        unique_fields=["card_import", "key"],
        update_fields=STAGED,
    )
    reading.lines, reading.moved_at = batch[-1][0], now
    reading.save(update_fields=["lines", "moved_at", "refused", "report", "counts"])


def _report(reading: CardImport, line: int, code: str) -> None:
    """Count a refused line, and name it while the report has room."""
    reading.refused += 1
    if len(reading.report) < REPORTED:
        reading.report.append([line, code])


@transaction.atomic
def _finish(pk: int, now: datetime) -> CardImport:
    """Reckon what the import would do; without a single good line it is unfit and ends."""
    read = CardImport.objects.select_for_update(no_key=True).get(pk=pk)
    if read.state != ImportState.READING:
        return read
    accepted, staged = read.counts.get("accepted", 0), read.rows.count()
    read.counts, pinless = _reckon(read)
    read.repeated, read.staged = accepted - staged, staged - len(pinless)
    for line in sorted(pinless):
        _report(read, line, "no_pin")
    read.report.sort()
    read.state, read.moved_at = ImportState.READY if read.staged else ImportState.UNFIT, now
    read.ended_at = None if read.staged else now
    read.save()
    return read


def _reckon(read: CardImport) -> tuple[dict[str, int], list[int]]:
    """Return how many cards are new, known, to delete and never here, and the lines of new ones without a PIN.

    Those are taken out. Asks by batches of keys: a join would leave the plan to statistics that know nothing yet.
    """
    counts = dict.fromkeys(("new", "known", "gone", "never_here"), 0)
    pinless: list[int] = []
    last = 0
    staged = read.rows.order_by("pk").values_list("pk", "key", "line", "is_removal", "pin_hash", named=True)
    while batch := list(staged.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        here = set(Card.objects.filter(key__in=[row.key for row in batch]).values_list("key", flat=True))
        unfit = [row for row in batch if row.key not in here and not row.is_removal and not row.pin_hash]
        CardImportRow.objects.filter(pk__in=[row.pk for row in unfit]).delete()
        pinless += [row.line for row in unfit]
        for row in batch:
            is_here = row.key in here
            counts[("gone" if is_here else "never_here") if row.is_removal else "known" if is_here else "new"] += 1
    counts["new"] -= len(pinless)
    return counts, pinless


@transaction.atomic
def begin_import(*, card_import: CardImport, by: Actor, now: datetime) -> CardImport:
    """Let what was read become cards; a task does it in batches. Twice is once. Raises Refused `import_not_ready`."""
    row = CardImport.objects.select_for_update(no_key=True).get(pk=card_import.pk)
    if row.state not in {ImportState.READY, ImportState.APPLYING}:
        raise Refused(NOT_READY)
    if row.state == ImportState.READY:
        row.state, row.moved_at = ImportState.APPLYING, now
        row.save(update_fields=["state", "moved_at"])
        bell.ring(TASK, row.pk)
    return row


@transaction.atomic
def drop_import(*, card_import: CardImport, by: Actor, now: datetime) -> CardImport:
    """Throw away what was read and has not become cards yet; what has stays. Twice is once."""
    row = CardImport.objects.select_for_update(no_key=True).get(pk=card_import.pk)
    if row.is_open:
        row.rows.all().delete()
        row.state, row.moved_at, row.ended_at = ImportState.DROPPED, now, now
        row.save(update_fields=["state", "moved_at", "ended_at"])
    return row


@transaction.atomic
def import_batch(*, pk: int, now: datetime) -> bool:
    """Turn one batch of staged rows into cards; return whether there is more to do.

    Cards are locked in the order of their keys, so that two imports at once never wait for each other in a circle.
    """
    row = CardImport.objects.select_for_update(no_key=True).get(pk=pk)
    if row.state != ImportState.APPLYING:
        return False
    batch = list(row.rows.order_by("pk")[:BATCH])
    batch.sort(key=lambda staged: staged.key)
    _apply(batch, set(row.columns))
    CardImportRow.objects.filter(pk__in=[staged.pk for staged in batch]).delete()
    row.applied, row.moved_at = row.applied + len(batch), now
    if not row.rows.exists():
        row.state, row.ended_at = ImportState.DONE, now
    row.save(update_fields=["applied", "moved_at", "state", "ended_at"])
    return row.state == ImportState.APPLYING


def left_alone(now: datetime) -> list[int]:
    """Return the imports that should be going on and have not for LEFT."""
    waiting = CardImport.objects.filter(state=ImportState.APPLYING, moved_at__lt=now - LEFT)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def _apply(batch: list[CardImportRow], columns: set[str]) -> None:
    """Write cards; a column that the file does not have leaves what a card says."""
    Card.objects.filter(key__in=[row.key for row in batch if row.is_removal]).delete()
    said = ["alias", *(["age_band", "band_until"] if columns & BANDS else [])]
    said += ["expires_on"] if "expires_on" in columns else []
    kept = [row for row in batch if not row.is_removal]
    Card.objects.bulk_create(
        [Card(key=row.key, pin_hash=row.pin_hash, **_said(row)) for row in kept if row.pin_hash],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["pin_hash", *said],
    )
    pinless = {row.key: row for row in kept if not row.pin_hash}
    known = list(Card.objects.select_for_update(no_key=True).filter(key__in=pinless).order_by("key"))
    for card in known:
        for name, value in _said(pinless[card.key]).items():
            setattr(card, name, value)
    Card.objects.bulk_update(known, said)


def _said(row: CardImportRow) -> dict[str, Any]:
    """Return what a staged row says of a card beside its PIN."""
    return {name: getattr(row, name) for name in ("alias", "age_band", "band_until", "expires_on")}
