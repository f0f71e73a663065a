"""Who did it: a member of staff, a patron, a PC client or the system itself, and at which kiosk."""

from dataclasses import dataclass
from typing import Literal, TypedDict

Kind = Literal["staff", "patron", "client", "system"]


class ActorColumns(TypedDict):
    """The three columns an event row keeps of an actor; a patron leaves no id."""

    by_kind: str
    by_user_id: int | None
    by_kiosk_id: int | None


@dataclass(frozen=True)
class Actor:
    """`by=` of every verb. A patron is recorded by kind alone, so that no event row ties a person to a seat."""

    kind: Kind
    user_id: int | None = None
    kiosk_id: int | None = None
    role: str = ""

    def columns(self) -> ActorColumns:
        return {"by_kind": self.kind, "by_user_id": self.user_id, "by_kiosk_id": self.kiosk_id}


SYSTEM = Actor("system")


def staff(user_id: int, role: str) -> Actor:
    """Return the actor for a signed-in member of staff."""
    return Actor("staff", user_id=user_id, role=role)


def patron(kiosk_id: int | None = None) -> Actor:
    """Return the actor for a patron, at `kiosk_id` if at a kiosk."""
    return Actor("patron", kiosk_id=kiosk_id)
