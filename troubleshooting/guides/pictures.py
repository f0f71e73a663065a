"""The drawings that steps can show: the symbols of static/guides.svg."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings

SYMBOL = re.compile(r'<symbol\b[^>]*\bid="([\w-]+)"')
FILE = "guides.svg"


@cache
def picture_names() -> tuple[str, ...]:
    """Return the names of all drawings, in the order of the file; read once a process."""
    return tuple(SYMBOL.findall(_file().read_text(encoding="utf-8")))


def _file() -> Path:
    return Path(settings.BASE_DIR) / "static" / FILE
