"""How a kiosk page looks for the person in front of it: language, text size, contrast. Forgotten with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

LOOK_COOKIE = "look"


@dataclass(frozen=True)
class Look:
    """Empty values are the screen's own: its language, normal text, normal contrast."""

    language: str = ""
    text: str = ""
    contrast: str = ""

    def __str__(self) -> str:
        return f"{self.language}.{self.text}.{self.contrast}"

    def __bool__(self) -> bool:
        return self != Look()

    @classmethod
    def read(cls, cookie: str) -> "Look":
        """Return the look of a cookie; anything unknown in it counts as empty."""
        language, text, contrast, *_rest = [*cookie.split("."), "", "", ""]
        return cls(_known("language", language), _known("text", text), _known("contrast", contrast))

    def changed(self, sent: Mapping[str, str]) -> "Look":
        """Return this look with what a form sent; what it did not send stays."""
        return Look(
            *(_known(key, sent.get(key, getattr(self, key))) for key in ("language", "text", "contrast")),
        )


def _known(key: str, value: str) -> str:
    values = {"language": [code for code, _name in settings.LANGUAGES], "text": ["large"], "contrast": ["more"]}
    return value if value in values[key] else ""
