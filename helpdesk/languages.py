"""Which languages the product speaks: English, and every one that has a compiled catalogue in locale/."""

import gettext
import unicodedata
from pathlib import Path

from django.conf.locale import LANG_INFO

OWN = ("en", "English")  # the language of the sources, which needs no catalogue
NAME_HEADER = "x-language-name"  # of a catalogue whose language Django has no name for

# Django's list and the scripts it has no translation of its own for.
WRITTEN_FROM_THE_RIGHT = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]


def languages(folder: Path) -> list[tuple[str, str]]:
    """Return (code, the language's own name) for settings.LANGUAGES: English first, the others by their names."""
    found = [(_code(file), _own_name(file)) for file in folder.glob("*/LC_MESSAGES/django.mo")]
    others = [language for language in found if language[0] != OWN[0]]
    return [OWN, *sorted(others, key=lambda language: (language[1].casefold(), language[0]))]


def _code(file: Path) -> str:
    """Return the code of a catalogue's folder as browsers write it: zh_Hans is zh-hans."""
    return file.parent.parent.name.lower().replace("_", "-")


def _own_name(file: Path) -> str:
    """Return how the language calls itself: as Django knows it, as its catalogue says, or else its code."""
    name = LANG_INFO.get(_code(file), {}).get("name_local") or _header_name(file) or _code(file)
    return unicodedata.normalize("NFC", name[:1].upper() + name[1:])


def _header_name(file: Path) -> str:
    with file.open("rb") as catalogue:
        return gettext.GNUTranslations(catalogue).info().get(NAME_HEADER, "")
