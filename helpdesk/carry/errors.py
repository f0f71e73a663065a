"""What a carried file is told: how many rows of each sheet, which lines are refused and why, or why none is read."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """A line that cannot become a row. `line` is the row in a spreadsheet, where the first one names the columns."""

    file: str
    line: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Count:
    """A sheet with its number of rows. `shipped`: a new system has such rows; those of an import take their place."""

    file: str
    label: str
    rows: int
    shipped: bool = False


@dataclass
class Report:
    """What an import did, or would do.

    `waiting` lines name a refused one and may be right; `stopped`: reading ended early because so many are refused.
    """

    counts: list[Count] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    waiting: int = 0
    stopped: bool = False

    @property
    def refused(self) -> int:
        """How many lines are refused, each counted once however much is wrong with it."""
        return len({(each.file, each.line) for each in self.refusals})

    @property
    def rows(self) -> int:
        return sum(count.rows for count in self.counts)


class CarryRefused(Exception):
    """The domain error of carrying: one sentence with the next step; `report` where lines of it are to blame."""

    def __init__(self, sentence: str, report: Report | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.report = report
