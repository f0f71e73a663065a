"""The one file that is carried: a zip of sheets with a manifest, the same bytes for the same set-up; bounds on reading.

Entries are stored as they are and bear no date, so that two systems with one set-up write one file. What comes back may
be packed by another program, but never into more than MOST_UNPACKED bytes; no entry ever touches a disk.
"""

import json
import struct
import zlib
from collections.abc import Collection, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.utils.translation import gettext as _

from helpdesk.carry.errors import CarryRefused

PRODUCT, FORMAT, MANIFEST = "northlight-helpdesk", 1, "manifest.json"
MOST_PACKED = 1_500_000  # bytes: a set-up of some 15,000 devices; a form holds it between the look and the import
MOST_UNPACKED = 8_000_000  # bytes of all entries together
SHOWN_NAME = 60  # characters of a name that somebody else chose
ENCRYPTED = 0x1
NO_DATE = (1980, 1, 1, 0, 0, 0)
BROKEN = (BadZipFile, zlib.error, struct.error, RuntimeError, ValueError, LookupError, EOFError, OSError)


def pack(sheets: Mapping[str, bytes]) -> bytes:
    """Return the file that holds `sheets`, by file name, in their order."""
    manifest = {"product": PRODUCT, "format": FORMAT, "time_zone": settings.TIME_ZONE, "sheets": list(sheets)}
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, content in [(MANIFEST, _json(manifest)), *sheets.items()]:
            info = ZipInfo(name, NO_DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return stream.getvalue()


def _json(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, indent=2) + "\n").encode()


def unpack(content: bytes, names: Collection[str]) -> dict[str, bytes]:
    """Return the sheets `names` of a file. Raises CarryRefused for any other file."""
    if len(content) > MOST_PACKED:
        raise CarryRefused(_too_large())
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = _entries(archive)
    except BROKEN as error:
        raise CarryRefused(_not_ours()) from error
    _check_manifest(entries.pop(MANIFEST, b""))
    for name in entries:
        if name not in names:
            sentence = _("“%(name)s” does not belong in a set-up file. Take it out and try again.")
            raise CarryRefused(sentence % {"name": name[:SHOWN_NAME]})
    for name in names:
        if name not in entries:
            sentence = _("The sheet %(name)s is missing. Put it back, or download the file anew.")
            raise CarryRefused(sentence % {"name": name})
    return entries


def _entries(archive: ZipFile) -> dict[str, bytes]:
    """Return every entry by its name. Never unpacks more than MOST_UNPACKED bytes, whatever the headers say."""
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for info in archive.infolist():
        if info.filename in found or info.flag_bits & ENCRYPTED or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise BadZipFile(info.filename)
        with archive.open(info) as entry:
            found[info.filename] = entry.read(left + 1)
        left -= len(found[info.filename])
        if left < 0:
            raise CarryRefused(_too_large())
    return found


def _check_manifest(content: bytes) -> None:
    """Refuse what another product, another version or a system of another time zone wrote."""
    try:
        manifest = json.loads(content)
        product, version, zone = (manifest.get(name) for name in ("product", "format", "time_zone"))
    except (ValueError, AttributeError, RecursionError) as error:
        raise CarryRefused(_not_ours()) from error
    if product != PRODUCT:
        raise CarryRefused(_not_ours())
    if version != FORMAT:
        sentence = _("Another version of this product wrote this file. Download it from a system of this version.")
        raise CarryRefused(sentence)
    if zone != settings.TIME_ZONE:
        sentence = _(
            "The file comes from the time zone %(theirs)s, this system is set to %(ours)s. Start it with"
            " TIME_ZONE=%(theirs)s, then import again: otherwise the hours would be wrong."
        )
        raise CarryRefused(sentence % {"theirs": str(zone)[:SHOWN_NAME], "ours": settings.TIME_ZONE})


def _too_large() -> str:
    return _("The file is too large for a set-up. Choose the file that the export gave.")


def _not_ours() -> str:
    return _("This is no set-up file, or a part of it got lost on the way. Choose the file that the export gave.")
