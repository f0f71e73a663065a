"""The help address of a seat: unguessable, forgiving to type, renewed by hand and when the seat leaves the room."""

import re

import pytest

from helpdesk.actor import staff
from reservations.set_up.retire import bring_back, retire_device
from tests.factories import NOW, make_branch, make_device, make_user
from tests.troubleshooting.racing import race
from troubleshooting.help_address import address_of, code_of, device_at, renew_address, version_of
from troubleshooting.models import HelpAddress

pytestmark = pytest.mark.django_db


def manager():
    user = make_user("manager")
    return staff(user.pk, user.role)


def test_the_code_leads_to_its_device():
    seat = make_device(make_branch())
    assert device_at(code_of(seat.pk, 0)) == seat


def test_the_code_is_short_and_has_no_letters_that_look_alike():
    assert re.fullmatch(r"17-[0-9abcdefghjkmnpqrstvwxyz]{5}-[0-9abcdefghjkmnpqrstvwxyz]{5}", code_of(17, 0))


def test_no_two_devices_and_no_two_versions_share_a_signature():
    signed = {code_of(pk, version).partition("-")[2] for pk in range(40) for version in range(5)}
    assert len(signed) == 200


def test_another_key_makes_other_addresses(settings):
    before = code_of(17, 0)
    settings.SECRET_KEY = "another key of this test"
    assert code_of(17, 0) != before


@pytest.mark.parametrize("typed", [str.upper, lambda c: c[:-6] + c[-5:], lambda c: c.replace("1", "l"), str])
def test_typing_is_forgiven(typed):
    seat = make_device(make_branch())
    number, signature = code_of(seat.pk, 0).split("-", 1)
    assert device_at(f"{number}-{typed(signature)}") == seat


@pytest.mark.parametrize(
    "forged",
    ["", "1", "1-", "x-00000-00000", "1-00000-00000", "1-0000\x00-00000", "9" * 30 + "-00000-00000", "٣-00000-00000"],
)
def test_a_forged_code_leads_nowhere(forged):
    make_device(make_branch())
    assert device_at(forged) is None


def test_a_changed_number_leads_to_no_other_seat():
    branch = make_branch()
    seat, other = make_device(branch), make_device(branch)
    assert device_at(code_of(seat.pk, 0).replace(str(seat.pk), str(other.pk), 1)) is None


def test_a_renewed_address_ends_the_old_one():
    seat = make_device(make_branch())
    version = renew_address(device_id=seat.pk, seen=0, by=manager(), now=NOW)
    assert (version, device_at(code_of(seat.pk, 0)), device_at(code_of(seat.pk, 1))) == (1, None, seat)


def test_who_renewed_it_and_when_is_kept():
    seat, by = make_device(make_branch()), manager()
    renew_address(device_id=seat.pk, seen=0, by=by, now=NOW)
    row = HelpAddress.objects.get()
    assert (row.renewed_by_id, row.renewed_at) == (by.user_id, NOW)


def test_a_second_click_renews_nothing():
    seat = make_device(make_branch())
    versions = [renew_address(device_id=seat.pk, seen=0, by=manager(), now=NOW) for _ in range(2)]
    assert versions == [1, 1]


def test_a_retired_seat_cannot_be_called_to_and_comes_back_with_another_address():
    seat, by = make_device(make_branch()), manager()
    retire_device(device_id=seat.pk, seen=[], by=by, now=NOW)
    gone = device_at(code_of(seat.pk, version_of(seat.pk)))
    bring_back(device_id=seat.pk, by=by, now=NOW)
    assert (gone, device_at(code_of(seat.pk, 0)), device_at(code_of(seat.pk, 1))) == (None, None, seat)


def test_the_whole_address_begins_with_the_librarys(settings):
    settings.BASE_URL = "https://help.example.org/"
    assert address_of(17, 0) == f"https://help.example.org/help/{code_of(17, 0)}/"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_renew_at_once_one_does():
    by = manager()
    for _ in range(4):
        seat = make_device(make_branch())
        results = race(*[lambda s=seat: renew_address(device_id=s.pk, seen=0, by=by, now=NOW)] * 2)
        assert (results, version_of(seat.pk)) == ([1, 1], 1)
