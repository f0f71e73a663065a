"""What a scanner types around a card number goes, and nothing else does."""

import pytest
from django.urls import reverse

from reservations.patrons.scanner import scanned
from tests.factories import make_card
from tests.reservations.kiosked import paired

NUMBER, PIN = "29990000000017", "2468"


@pytest.fixture(autouse=True)
def _device(settings):
    settings.SCANNER_PREFIX = ["%", "LIB", "LIB-"]
    settings.SCANNER_SUFFIX = ["?", "XX", "0"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (NUMBER, NUMBER),
        ("", ""),
        ("   ", ""),
        (f"\x02{NUMBER}\x03", NUMBER),
        (f"{NUMBER}\r\n", NUMBER),
        (f"{NUMBER}\t", NUMBER),
        (f" {NUMBER} ", NUMBER),
        ("2999-0000 0000 17", "2999-0000 0000 17"),
        (f"%{NUMBER}?", NUMBER),
        (f"%{NUMBER}", NUMBER),
        (f"{NUMBER}?", NUMBER),
        (f"LIB-{NUMBER}", NUMBER),
        (f"lib{NUMBER}xx", NUMBER),
        (f"\x02%A{NUMBER}B?\r", NUMBER),
        (f"%%{NUMBER}", f"%{NUMBER}"),
        ("LIB1234", "LIB1234"),
        ("LIB12345", "12345"),
        ("LIBRARY", "LIBRARY"),
        ("123450", "12345"),
        ("12340", "12340"),
        (f"A{NUMBER}B", NUMBER),
        (f"d{NUMBER}c", NUMBER),
        (f"A{NUMBER}", f"A{NUMBER}"),
        (f"E{NUMBER}B", f"E{NUMBER}B"),
        ("A1234B", "A1234B"),
        ("A12345B", "12345"),
        ("AB123456CD", "AB123456CD"),
        ("A123-456B", "A123-456B"),
    ],
)
def test_what_is_left_of_a_scan(typed, number):
    assert scanned(typed) == number


def test_without_settings_only_controls_and_codabar_go(settings):
    settings.SCANNER_PREFIX, settings.SCANNER_SUFFIX = [], []
    assert scanned(f"%{NUMBER}?") == f"%{NUMBER}?"
    assert scanned(f"\x02A{NUMBER}A\r") == NUMBER


@pytest.mark.django_db
def test_a_framed_number_signs_in():
    client, _kiosk = paired()
    make_card(NUMBER, PIN)
    assert client.post(reverse("kiosk-sign-in"), {"number": f"LIB-A{NUMBER}B?", "pin": PIN}).status_code == 303


@pytest.mark.django_db
def test_a_framed_scan_on_the_start_page_arrives_bare():
    client, _kiosk = paired()
    answer = client.post(reverse("kiosk-sign-in"), {"number": f"%{NUMBER}?"})
    page = client.get(answer.headers["Location"]).content.decode()
    assert f'value="{NUMBER}"' in page
