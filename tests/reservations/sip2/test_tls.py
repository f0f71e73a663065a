"""TLS to the library system: 1.2 or newer, and a certificate that is checked before anything is said."""

import shutil
import ssl
import subprocess
from dataclasses import replace

import pytest

from helpdesk.library_system import LibrarySystem
from reservations.sip2.client import ask_patron
from reservations.sip2.line import Unavailable
from tests.factories import NOW
from tests.reservations.sip2.servers import CARD, PIN, scripted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return the file of a certificate for localhost, signed by itself, and a server's context with it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl was not found on the PATH, so no certificate could be made and TLS was not tried")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "certificate.pem", folder / "key.pem"
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", made]
    subprocess.run([openssl, *options.split(), *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return str(made), context


def reason(system):
    with pytest.raises(Unavailable) as away:
        ask_patron(system, CARD, PIN, NOW)
    return away.value.reason


def test_a_certificate_of_a_known_authority_and_the_right_name_is_taken(certificate):
    ca, context = certificate
    with scripted(tls=context) as (_server, system):
        assert ask_patron(replace(system, host="localhost", tls=True, ca=ca), CARD, PIN, NOW).first("CQ") == "Y"


def test_a_certificate_of_an_unknown_authority_is_refused_before_anything_is_said(certificate):
    with scripted(tls=certificate[1]) as (server, system):
        assert reason(replace(system, host="localhost", tls=True)) == "certificate"
    assert server.seen == []


def test_a_certificate_of_another_name_is_refused(certificate):
    ca, context = certificate
    with scripted(tls=context) as (server, system):
        assert reason(replace(system, tls=True, ca=ca)) == "certificate"
    assert server.seen == []


def test_a_server_that_speaks_no_tls_is_away():
    with scripted(greeting=b"Welcome\r\n") as (server, system):
        assert reason(replace(system, tls=True)) == "tls"
    assert not any(b"co-secret" in line for line in server.seen)


def test_a_server_that_never_shakes_hands_cannot_hold_anybody(monkeypatch):
    with scripted() as (_server, system):
        assert reason(replace(system, tls=True, connect_seconds=0.2)) == "tls"


def test_nothing_older_than_1_2_is_spoken():
    context = LibrarySystem().tls_context
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
