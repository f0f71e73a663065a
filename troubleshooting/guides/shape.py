"""The shape of a guide without its table: steps, their texts, the ends of a way. No query, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SOLVED, DESK, REFERENCE, IT = "solved", "desk", "reference", "it"
ENDS = (SOLVED, DESK, REFERENCE, IT)
DO_LIMIT, ASK_LIMIT = 160, 100  # characters: a step is read while somebody waits
KEY_LIMIT = 40
OWN = "en"  # the language of the sources; a guide without the reader's language is read in it


@dataclass(frozen=True)
class Text:
    """What a step says in one language: what to do, and the question that is answered with yes or no."""

    do: str
    ask: str


NOTHING = Text("", "")


@dataclass(frozen=True)
class Step:
    """One step. `yes` and `no` are the key of another step or an end; `patron`: a patron may do it alone."""

    key: str
    yes: str
    no: str
    texts: Mapping[str, Text] = field(default_factory=dict)
    picture: str = ""
    patron: bool = False
    pk: int | None = None

    def text(self, language: str) -> Text:
        """Return the texts in `language`, else in its base language, else in English."""
        for code in (language, language.partition("-")[0], OWN):
            if code in self.texts:
                return self.texts[code]
        return next(iter(self.texts.values()), NOTHING)

    def leads_to(self, answer: str) -> str:
        """Return where an answer leads; a step that was left out goes on as after No."""
        return self.yes if answer == "yes" else self.no

    @property
    def is_offered(self) -> bool:
        """Whether it stands at the kiosk: a patron may do it, and a Yes means that it works."""
        return self.patron and self.yes == SOLVED
