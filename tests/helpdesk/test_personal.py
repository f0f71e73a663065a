"""What in a text seems to be a person's: found, named, taken out; what is nobody's passes."""

import re
import time

import pytest

from helpdesk.personal import looks_personal, pieces, without

SOMEBODYS = [
    ("card", "29990000000017", "29990000000017"),
    ("card", "card 2999 0000 0000 17 does not work", "2999 0000 0000 17"),
    ("card", "2999-0000-0000-17", "2999-0000-0000-17"),
    ("card", "visa 4111 1111 1111 1111 declined", "4111 1111 1111 1111"),
    ("card", "4111111111111111", "4111111111111111"),
    ("card", "amex 3782 822463 10005", "3782 822463 10005"),
    ("card", "library card 1234567", "1234567"),
    ("card", "card no. 123456", "123456"),
    ("card", "card number is 0012 3456", "0012 3456"),
    ("card", "tarjeta 29990000000017 vencida", "29990000000017"),
    ("card", "carné 1234567", "1234567"),
    ("card", "barcode: 29990000000017", "29990000000017"),
    ("card", "her card #29990000000017.", "29990000000017"),
    ("card", "5551234567", "5551234567"),
    ("phone", "call 555-123-4567", "555-123-4567"),
    ("phone", "(555) 123-4567 after five", "(555) 123-4567"),
    ("phone", "(555)123-4567", "(555)123-4567"),
    ("phone", "555.123.4567", "555.123.4567"),
    ("phone", "555 123 4567", "555 123 4567"),
    ("phone", "1-555-123-4567", "1-555-123-4567"),
    ("phone", "+1 555 123 4567", "+1 555 123 4567"),
    ("phone", "+34 612 34 56 78", "+34 612 34 56 78"),
    ("phone", "+52 55 1234 5678", "+52 55 1234 5678"),
    ("phone", "phone 555-1234", "555-1234"),
    ("phone", "call her at 555 1234", "555 1234"),
    ("phone", "teléfono 555-1234", "555-1234"),
    ("phone", "llámele al 555-1234", "555-1234"),
    ("phone", "cell: 5551234", "5551234"),
    ("email", "mail me: a.b@example.org", "a.b@example.org"),
    ("email", "send to ana+print@mail.example.co.uk, please", "ana+print@mail.example.co.uk"),
    ("email", "correo de josé@ejemplo.es.", "josé@ejemplo.es"),
    ("email", "<script>x@example.org</script>", "x@example.org"),
]

NOBODYS = [
    "seat 7 at 14:30",
    "seats 12, 14 and 16",
    "seat 120 since 14:02",
    "fault 118, printer 2",
    "F118 again",
    "number D41 was called",
    "error 0x80070005",
    "error 0xC000021A on seat 4",
    "page 404, 12345",
    "error 1053 and 1067",
    "KB5034441 does not install",
    "Windows 10.0.19045.3803",
    "update 22H2 19045",
    "192.168.100.200 does not answer",
    "10.20.30.40:9100",
    "serial CN0123456789",
    "SN 5CD1234567",
    "asset PC-000123",
    "toner TN-2420 and TN-3480",
    "Q7553X cartridge",
    "moved to 2026-11-25 14:30",
    "2026-11-25 14:30 to 2026-11-25 15:30",
    "from 25.11.2026 to 27.11.2026",
    "11/25/2026 10:00",
    "exam on 25.11.",
    "1914-1918 1939-1945",
    "census 1900, 1910, 1920, 1930",
    "tax years 2019 2020 2021 2022",
    "paper of 1987/1988",
    "2019-2026 reports",
    "10 to 12, 13 to 15, 16 to 18",
    "open 10-12 13-15 16-18",
    "9:00-19:00 and 10:00-14:00",
    "costs $0.15 a page, $1.50 in all",
    "$1,234,567.89",
    "paid 12.50 of 20.00",
    "1,200,000 people",
    "50000 pages a year",
    "ISBN 978-0-306-40615-7",
    "9780306406157",
    "978 0 306 40615 7",
    "ISBN 0306406152",
    "0-306-40615-2",
    "ISBN-10: 080442957X",
    "ISSN 0378-5955",
    "813.54 KIN 2003",
    "QA76.73.P98 L88 2020",
    "PN1995.9.H6 K56 2001",
    "LC 92-12345",
    "DDC 005.133 PYT",
    "item 39999012345678 is lost",
    "form 1040 and 1099-INT",
    "W-2 for 2025",
    "form I-485, 20 pages",
    "zip 12345-6789",
    "room 204, floor 2",
    "bus 12, stop 3456",
    "call 911",
    "call the IRS at 1-800-829-1040",
    "free number 888-555-0199",
    "phone has 128 GB, 2400 mAh",
    "text size 14, 16 or 18",
    "call number 641.5 OLI",
    "call number 796.3580 BRO",
    "1920x1080 at 60 Hz",
    "write 3 pages, 1200 words",
    "she posts as @ana_reads",
    "printing at 600 dpi, 3 of 12 pages",
    "the code had 6 digits",
    "100 % of 2048 MB",
]


@pytest.mark.parametrize(("kind", "text", "piece"), SOMEBODYS)
def test_what_is_somebodys_is_found_and_named(kind, text, piece):
    assert [(found.kind, found.text) for found in pieces(text)] == [(kind, piece)]


@pytest.mark.parametrize("text", NOBODYS)
def test_what_is_nobodys_passes(text):
    assert pieces(text) == []


@pytest.mark.parametrize("text", ["D1234567", "d 123-4567", "see D1234567."])
def test_a_number_of_the_librarys_own_shape_is_a_card(text):
    shape = re.compile(r"D[0-9]{7}")
    assert [piece.kind for piece in pieces(text, shape)] == ["card"]
    assert pieces(text) == []


def test_each_piece_is_found_once_and_in_order():
    found = pieces("a@example.org, 555-123-4567, then card 29990000000017")
    assert [piece.kind for piece in found] == ["email", "phone", "card"]


def test_a_piece_that_is_taken_out_leaves_a_gap():
    assert without("card 2999 0000 0000 17 fails, mail a@example.org.") == "card … fails, mail …."


def test_a_text_without_such_a_piece_stays():
    assert without("seat 7 at 14:30") == "seat 7 at 14:30"


def test_what_is_left_holds_nothing_more():
    assert not looks_personal(without("card 29990000000017 29990000000025, 555-123-4567"))


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "1 " * 5_000, "card " * 2_000, "@." * 5_000, "1-" * 5_000, "call a " * 1_500]
)
def test_a_long_text_is_looked_through_at_once(text):
    began = time.perf_counter()
    pieces(text)
    assert time.perf_counter() - began < 0.5
