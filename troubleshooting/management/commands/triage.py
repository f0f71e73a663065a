"""`manage.py triage FILE.csv`: what is suggested for lines, and how often that is right where answers are given."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from troubleshooting.triage import in_use
from troubleshooting.triage.lines import Line
from troubleshooting.triage.measure import TIERS, Right, measure, wider_categories
from troubleshooting.triage.model import Model

ANSWERS = ("category", "tier", "kind")


class Command(BaseCommand):
    help = (
        "Guess category, tier and kind of each line of a CSV file with a column text. Where it has the columns "
        "category, tier and kind, say how often the guess is right; otherwise list the guesses."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, UTF-8: text[,category,tier,kind,asset_class]")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = read(options["file"])
        model = model_here()
        if all(name in rows[0] for name in ANSWERS):
            right = measure(model, [answered(row, number) for number, row in enumerate(rows, start=1)])
            self.stdout.write(json.dumps(figures(right)) if options["json"] else table(right))
            return
        guesses = [guessed(model, row["text"]) for row in rows]
        if options["json"]:
            self.stdout.write(json.dumps({"lines": len(guesses), "guesses": guesses}, ensure_ascii=False))
            return
        for row, guess in zip(rows, guesses, strict=True):
            self.stdout.write(f"{guess['tier']}  {guess['category']:<20} {guess['kind']:<12} {row['text']}")


def model_here() -> Model:
    """Return the model in use, or the shipped one where there is no database yet."""
    try:
        return in_use.current()
    except DatabaseError:
        return in_use.shipped()


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of the file; raise CommandError with one sentence where it cannot be used."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [{name: value or "" for name, value in row.items() if name} for row in csv.DictReader(file)]
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path} is no CSV file in UTF-8. Save it as CSV UTF-8 and try again.") from error
    if not rows:
        raise CommandError(f"{path} has no lines. The first row names the columns, the lines follow.")
    if "text" not in rows[0]:
        raise CommandError(f"{path} has no column text. The first row names the columns: text,category,tier,kind.")
    return rows


def answered(row: dict[str, str], number: int) -> Line:
    """Return the line of a row with its answers; raise CommandError where the tier is none."""
    if row["tier"].strip() not in {str(tier) for tier in TIERS}:
        raise CommandError(f"Line {number} has the tier {row['tier'][:20]!r}. A tier is 0, 1, 2 or 3.")
    return Line(row["text"], row["category"].strip(), int(row["tier"]), row["kind"].strip())


def guessed(model: Model, text: str) -> dict[str, Any]:
    guess = model.guess(text)
    top = wider_categories(guess)
    return {"category": top[0], "top3": top[:3], "tier": guess.tier, "kind": guess.kind, "asset": guess.asset_class}


def figures(right: Right) -> dict[str, Any]:
    """Return shares between 0 and 1; the table has a row for each tier as answered, a column for each as guessed."""
    return {
        "tier_accuracy": round(right.tier / right.lines, 4),
        "kind_accuracy": round(right.kind / right.lines, 4),
        "category_accuracy": round(right.category / right.lines, 4),
        "category_top3_accuracy": round(right.among_three / right.lines, 4),
        "lines": right.lines,
        "tier_confusion": right.confusion,
    }


def table(right: Right) -> str:
    """Return the same for people."""
    shares = [
        f"{label:<22} {count:>5} of {right.lines}  {count / right.lines:6.1%}"
        for label, count in (
            ("tier", right.tier),
            ("kind", right.kind),
            ("category", right.category),
            ("category among three", right.among_three),
        )
    ]
    head = "tier: answer below, guess to the right".ljust(40) + "".join(f"{tier:>6}" for tier in TIERS)
    body = [f"{tier}".rjust(40) + "".join(f"{count:>6}" for count in right.confusion[tier]) for tier in TIERS]
    return "\n".join([*shares, "", head, *body])
