"""What the kiosk tests share: a paired screen's client, a signed-in patron, one choice as a form."""

import uuid

from django.core.signing import get_cookie_signer
from django.test import Client
from django.urls import reverse

from reservations.kiosk_request import KIOSK_COOKIE, VISIT_COOKIE
from reservations.patrons.visit import begin_visit
from tests.factories import make_branch, make_kiosk, make_patron

TOKEN = "a token of a paired screen"


def paired(branch=None, **options):
    """Return a client that is a paired screen, and its kiosk."""
    kiosk = make_kiosk(branch or make_branch(), token=TOKEN)
    client = Client(**options)
    client.cookies[KIOSK_COOKIE] = get_cookie_signer(salt=KIOSK_COOKIE * 2).sign(TOKEN)
    return client, kiosk


def seated_visitor(branch=None, patron=None, **options):
    """Return a paired client at which `patron` (a new adult by default) is signed in, the kiosk, and the patron."""
    client, kiosk = paired(branch, **options)
    patron = patron or make_patron()
    client.cookies[VISIT_COOKIE] = begin_visit(kiosk=kiosk, patron=patron)
    return client, kiosk, patron


def take_now(client, device, **fields):
    sent = {"kind": "now", "device": device.pk, "request_key": uuid.uuid4(), **fields}
    return client.post(reverse("kiosk-book"), sent)


def book_later(client, device, start, minutes=60, **fields):
    start = start if isinstance(start, str) else start.isoformat()
    sent = {"kind": "later", "device": getattr(device, "pk", device), "start": start, "minutes": minutes}
    return client.post(reverse("kiosk-book"), {"request_key": uuid.uuid4(), **sent, **fields})
