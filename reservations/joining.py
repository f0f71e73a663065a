"""Read of who may take a place in line now and for which kinds of seats; booking/join.py has the last word."""

from dataclasses import replace

from reservations.facts import policy_facts
from reservations.linefacts import seat_line, waiting_of
from reservations.models import Device, DeviceClass, Patron, Turn
from reservations.room import Room
from reservations.rules.booking import personal_problems
from reservations.rules.promise import serves
from reservations.rules.slot import Slot


def new_place(room: Room, patron: Patron, kind: DeviceClass | None) -> Turn:
    """Return the unsaved place in line that `patron` would get: for any seat or `kind`, with the room's needs."""
    policy = policy_facts(room.branch.policy, kind.pk if kind else None, guest=patron.is_guest)
    return Turn(patron=patron, device_class=kind, needs=sorted(room.needs), minutes=policy.session)


def may_join(room: Room, patron: Patron, kind: DeviceClass | None = None) -> bool:
    """Return whether `patron`, with no place in line yet, would get one: some seat serves, none of them is free.

    `room` is read for the patron. No query.
    """
    wish = waiting_of(new_place(room, patron, kind), room.branch.policy, room.calendar.branch_day(room.now))
    policy = room.branch.policy
    seats = [d for d in room.devices if serves(seat_line(d, (), now=room.now, policy=policy), wish)]
    kinds = {device.device_class_id: device for device in seats}
    if not any(_is_allowed(room, device) for device in kinds.values()):
        return False
    if any(room.free_minutes(d, room.now) >= wish.least and not room.waiting_for(d) for d in seats):
        return False
    return not all(_is_broken(room, device) for device in seats)


def kinds_to_wait_for(room: Room, patron: Patron) -> list[DeviceClass]:
    """Return the classes of the branch for which a place in line makes sense, in the room's order."""
    there = {device.device_class_id: device.device_class for device in room.devices}
    return [kind for kind in there.values() if may_join(room, patron, kind)]


def _is_allowed(room: Room, device: Device) -> bool:
    """Return whether no rule keeps the patron from even the shortest session at a seat like `device`."""
    policy = room.policy(device)
    slot = Slot.of(room.now, max(policy.min_slot, policy.least_left))
    return not personal_problems(replace(room.asked(device, slot, ahead=False), waiting=0))


def _is_broken(room: Room, device: Device) -> bool:
    return any(busy.repair and busy.end is None and not busy.over for busy in room.facts(device).busy)
