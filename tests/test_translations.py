"""The Spanish catalogue: whole, right in its placeholders, compiled, and shown."""

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.conf import settings

from tests.reservations.kiosked import paired

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)0?\d*[sd]|%[sd]|%%|\{\w+\}|</?b>")
LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")')
# What makes up the program; its tests and its data are left at home.
SOURCES = ("helpdesk", "reservations", "troubleshooting", "templates", "static", "locale", "manage.py")


@dataclass
class Entry:
    """One message of the catalogue."""

    parts: dict[str, str] = field(default_factory=dict)
    flags: str = ""

    @property
    def key(self) -> str:
        context = self.parts.get("msgctxt")
        return self.parts["msgid"] if context is None else f"{context}\x04{self.parts['msgid']}"

    @property
    def is_plural(self) -> bool:
        return "msgid_plural" in self.parts

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.parts.items() if name.startswith("msgstr")]


def read(path: Path) -> list[Entry]:
    """Return the messages of a catalogue; its header is left out."""
    entries = [_entry(block) for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))]
    return [entry for entry in entries if entry.parts.get("msgid")]


def _entry(block: str) -> Entry:
    entry, name = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#"):
            entry.flags += line
        elif match := LINE.fullmatch(line):
            name = match[1]
            entry.parts[name] = ast.literal_eval(match[2])
        elif line.startswith('"'):
            entry.parts[name] += ast.literal_eval(line)
    return entry


@pytest.fixture(scope="module")
def entries():
    found = read(CATALOGUE)
    assert len(found) > 900
    return found


def test_every_sentence_has_a_spanish_one(entries):
    assert [entry.key for entry in entries if not all(entry.translations)] == []


def test_every_plural_has_two_forms(entries):
    assert [entry.key for entry in entries if len(entry.translations) != 1 + entry.is_plural] == []


def test_no_guess_and_no_leftover_stays_in_the_catalogue(entries):
    assert [entry.key for entry in entries if "fuzzy" in entry.flags or "#~" in entry.flags] == []


def test_every_placeholder_stands_in_every_translation(entries):
    wrong = []
    for entry in entries:
        originals = [text for name, text in entry.parts.items() if name.startswith("msgid")]
        allowed = [set(PLACEHOLDER.findall(text)) for text in originals]
        wrong += [text for text in entry.translations if set(PLACEHOLDER.findall(text)) not in allowed]
    assert wrong == []


def test_names_of_nobody_and_of_no_machine_stand_in_the_header():
    header = CATALOGUE.read_text(encoding="utf-8").split("\n\n")[0]
    names = re.findall(r'^"([\w-]+):', header, flags=re.MULTILINE)
    assert names == [
        "Project-Id-Version",
        "Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Plural-Forms",
    ]


def test_the_compiled_catalogue_says_what_the_readable_one_says(entries):
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)._catalog
    written = {}
    for entry in entries:
        for number, text in enumerate(entry.translations):
            written[(entry.key, number) if entry.is_plural else entry.key] = text
    assert {key: text for key, text in compiled.items() if key} == written


@pytest.mark.django_db
def test_a_kiosk_asks_in_spanish():
    client, _ = paired()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    page = client.get("/kiosk/").content.decode()
    assert '<html lang="es"' in page
    assert "¿Qué le gustaría hacer?" in page


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext's tools, which collect the sentences, are not here")
def test_the_program_says_nothing_that_the_catalogue_lacks(tmp_path, entries):
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    options = ["--locale=es", "--no-location", "--no-wrap", "--no-obsolete"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "helpdesk.settings", "DATA_DIR": str(tmp_path / "data")}
    collect = [sys.executable, "manage.py", "makemessages", *options]
    subprocess.run(collect, cwd=tmp_path, env=environment, check=True, capture_output=True)
    collected = read(tmp_path / CATALOGUE.relative_to(ROOT))
    assert {entry.key for entry in collected} == {entry.key for entry in entries}
