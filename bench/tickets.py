"""Fills a library with any number of questions, 500 of them open: seeded, by SQL, in the words of our own lines."""

from datetime import datetime

from django.db import connection

from reservations.models import Branch, Device
from troubleshooting.models import Category, Ticket
from troubleshooting.triage.lines import to_learn

OPEN = 500
YEARS = 2  # over which the questions came

LINES = """
CREATE TEMPORARY TABLE line (n serial PRIMARY KEY, said text, category_id bigint, tier smallint, kind text, fix text)
"""

# Whatever a row gets follows from its number; the newest OPEN ones wait or are taken.
QUESTIONS = """
INSERT INTO troubleshooting_ticket (branch_id, category_id, device_id, tier, kind, channel, text, answer, others_too,
    holds_device, lacks, state, owner_id, opened_at, claimed_at, done_at, promised_at, outcome, duration, read_level,
    counts_as_reference, step, version, request_key)
SELECT b.id, l.category_id, CASE WHEN g.h %% 3 = 0 THEN d.id END, CASE WHEN o.waits THEN greatest(l.tier, 1) ELSE 1 END,
    l.kind, CASE WHEN g.h %% 9 = 0 THEN 'phone' ELSE 'desk' END,
    CASE WHEN g.h %% 4 = 0 THEN l.said || '. ' || m.said ELSE l.said END,
    CASE WHEN o.waits OR g.h %% 5 > 2 THEN '' ELSE l.fix END, false, false, '{}',
    CASE WHEN NOT o.waits THEN 'done' WHEN g.h %% 4 = 0 THEN 'claimed' ELSE 'waiting' END,
    CASE WHEN NOT o.waits OR g.h %% 4 = 0 THEN s.id END,
    g.at, CASE WHEN o.waits AND g.h %% 4 = 0 THEN g.at + interval '1 minute' END,
    CASE WHEN NOT o.waits THEN g.at + interval '6 minutes' END, g.at + interval '15 minutes',
    CASE WHEN o.waits THEN '' WHEN g.h %% 40 = 0 THEN 'referred' ELSE 'answered' END,
    CASE WHEN o.waits THEN '' ELSE 'to_5' END, 2, l.tier = 2, 0, 1, gen_random_uuid()
FROM (
    SELECT n, abs(hashint8(n)::bigint) AS h, %(now)s - (%(many)s - n) * %(gap)s * interval '1 second' AS at
    FROM generate_series(%(first)s, %(many)s) n
) g
CROSS JOIN LATERAL (SELECT g.n > %(many)s - %(open)s AS waits) o
JOIN line l ON l.n = 1 + g.h %% %(lines)s
JOIN line m ON m.n = 1 + (g.h / 7) %% %(lines)s
CROSS JOIN LATERAL (SELECT (%(branches)s::bigint[])[1 + (g.h / 11) %% %(many_branches)s] AS id) b
CROSS JOIN LATERAL (SELECT (%(devices)s::bigint[])[1 + (g.h / 11) %% %(many_branches)s] AS id) d
CROSS JOIN LATERAL (SELECT (%(staff)s::bigint[])[1 + (g.h / 11) %% %(many_branches)s] AS id) s
ORDER BY g.n
"""

STORIES = """
INSERT INTO troubleshooting_ticketevent
    (ticket_id, at, what, text, from_tier, to_tier, by_kind, by_user_id, by_kiosk_id)
SELECT t.id, w.at, w.what, '', NULL, t.tier, 'staff', t.owner_id, NULL
FROM troubleshooting_ticket t
CROSS JOIN LATERAL (VALUES ('logged', t.opened_at), ('resolved', t.done_at)) AS w(what, at)
WHERE w.at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM troubleshooting_ticketevent e WHERE e.ticket_id = t.id)
"""


NAMES = "many"  # what the short names of the branches begin with


def empty() -> None:
    """Begin without questions; exit where the database holds any that are not the benchmark's own."""
    if Ticket.objects.exclude(branch__slug__startswith=NAMES).exists():
        raise SystemExit("This database holds questions of a library: name another for the benchmark.")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE troubleshooting_ticket RESTART IDENTITY CASCADE")


def fill(branches: list[Branch], staff: list[int], *, many: int, now: datetime) -> None:
    """Let the table hold `many` questions at `branches`, the newest OPEN of them open; what is there is closed first.

    `staff` holds the account that has the questions of each branch.
    """
    had = Ticket.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE troubleshooting_ticket SET state = 'done', owner_id = coalesce(owner_id, %s), outcome = "
            "'answered', tier = 1, done_at = opened_at + interval '6 minutes' WHERE state <> 'done'",
            [staff[0]],
        )
        cursor.execute("DROP TABLE IF EXISTS line")
        cursor.execute(LINES)
        cursor.executemany(
            "INSERT INTO line (said, category_id, tier, kind, fix) VALUES (%s, %s, %s, %s, %s)", _lines()
        )
        cursor.execute(
            QUESTIONS,
            {
                "first": had + 1,
                "many": many,
                "open": OPEN,
                "now": now,
                "gap": YEARS * 365 * 86400 / many,
                "lines": len(to_learn()),
                "branches": [b.pk for b in branches],
                "many_branches": len(branches),
                "devices": [
                    Device.objects.filter(branch=b).order_by("pk").values_list("pk", flat=True)[0] for b in branches
                ],
                "staff": staff,
            },
        )
        cursor.execute(STORIES)
        cursor.execute("VACUUM ANALYZE troubleshooting_ticket")
        cursor.execute("VACUUM ANALYZE troubleshooting_ticketevent")


def _lines() -> list[tuple[object, ...]]:
    rows = {row.code: row for row in Category.objects.all()}
    return [
        (line.text, row.pk, line.tier, row.kind, "Shown how") for line in to_learn() for row in [rows[line.category]]
    ]
