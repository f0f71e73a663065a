"""Compiled catalogues made on the spot: a language that nobody translated, to try one more and one from the right."""

import re
import struct
from gettext import GNUTranslations
from pathlib import Path

from django.conf import settings

KEPT = re.compile(r"%\(\w+\)0?\d*[sd]|%[sd]|%%|\{\w+\}|</?b>|\d+")
PLAIN = "abcdefghijklmnopqrstuvwxyzáéíóúñü"
ARABIC = "ابجدهوزحطيكلمنسعفصقرشتثخذضظغءئؤىة"
LETTERS = str.maketrans(PLAIN + PLAIN.upper(), ARABIC + ARABIC)


def write_catalogue(folder: Path, name: str, sentences: dict[str, str], header: str = "") -> None:
    """Write `folder`/`name`/LC_MESSAGES/django.mo. Plural and context are joined as gettext does it."""
    head = f"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n{header}"
    pairs = sorted((key.encode(), text.encode()) for key, text in {"": head, **sentences}.items())
    first, tables, texts = 28, [b"", b""], b""
    start = first + 16 * len(pairs)
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<2I", len(pair[side]), start + len(texts))
            texts += pair[side] + b"\0"
    top = struct.pack("<7I", 0x950412DE, 0, len(pairs), first, first + 8 * len(pairs), 0, 0)
    place = folder / name / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(top + tables[0] + tables[1] + texts)


def arabic_letters(text: str) -> str:
    """Return `text` in Arabic letters that mean nothing; placeholders, marks and digits stay."""
    pieces, kept = KEPT.split(text), [*KEPT.findall(text), ""]
    return "".join(piece.translate(LETTERS) + mark for piece, mark in zip(pieces, kept, strict=True))


def write_right_to_left(folder: Path) -> None:
    """Write an "ar" catalogue of all sentences of the Spanish one."""
    with (settings.BASE_DIR / "locale" / "es" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        spanish = GNUTranslations(file)._catalog
    sentences: dict[str, str] = {}
    for key, text in spanish.items():
        if isinstance(key, tuple):
            joined = f"{key[0]}\0{key[0]}"
            sentences[joined] = (
                f"{sentences[joined]}\0{arabic_letters(text)}" if joined in sentences else arabic_letters(text)
            )
        elif key:
            sentences[key] = arabic_letters(text)
    write_catalogue(folder, "ar", sentences)
