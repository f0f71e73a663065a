"""What the tests of the set-up share: a manager as the one who does it, a room of two areas, a signed-in client."""

from django.test import Client

from helpdesk.actor import Actor, staff
from helpdesk.models import Role
from reservations.models import Area, Device
from reservations.set_up.order import parts_of
from tests import factories as make


def manager() -> Actor:
    return staff(make.make_user(Role.MANAGER).pk, Role.MANAGER)


def manager_client() -> Client:
    client = Client()
    client.force_login(make.make_user(Role.MANAGER))
    return client


def two_areas(branch, *, first=("1", "2", "3"), second=("4", "5")):
    """Return the areas "Window row" and "Long table" of a branch, with seats in them."""
    areas = []
    for position, (name, labels) in enumerate((("Window row", first), ("Long table", second))):
        area = Area.objects.create(branch=branch, name=name, position=position)
        for label in labels:
            make.make_device(branch, area=area, label=label, position=int(label))
        areas.append(area)
    return areas


def seat(branch, label):
    return Device.objects.get(branch=branch, label=label, retired_on=None)


def order(branch):
    """Return the room as one reads it: by area the labels in order."""
    return {part.name: [device.label for device in part.devices] for part in parts_of(branch.pk)}
