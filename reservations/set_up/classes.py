"""Classes of devices: the list with what depends on each, and the verbs that add, change and remove one."""

from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain

from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from helpdesk import live
from helpdesk.actor import Actor
from helpdesk.db import refused_by
from reservations.locks import lock_branch
from reservations.models import Booking, Branch, DeviceClass
from reservations.models.devices import DeviceKind
from reservations.rules.problem import Problem, Refused
from reservations.scopes import board_scope
from reservations.set_up.notes import note
from reservations.set_up.seen import check_seen

CODE_LENGTH = 30
CODE_ONCE = "reservations_deviceclass_code_key"
CLASS_GONE = Problem(
    "class_gone",
    gettext_lazy("This class is not here any more. Look at the list again."),
    pgettext_lazy("a class of devices", "Class"),
    lift_by="",
)
CLASS_TWICE = Problem(
    "class_twice",
    gettext_lazy("There is a class with this name. Choose another name."),
    gettext_lazy("Name of the class"),
    lift_by="",
)
NOT_BOOKABLE = Problem(
    "class_not_bookable",
    gettext_lazy("Only computers are used by the minute. Choose computer, or say that nobody books it."),
    gettext_lazy("Kind of the class"),
    lift_by="",
)


@dataclass(frozen=True)
class ClassSaid:
    """What a form says of a class."""

    name: str
    kind: str
    bookable: bool


def classes_listed() -> QuerySet[DeviceClass]:
    """Return the classes by name, each with what depends on it (`in_use`, `retired`, `numbers`, `rules_of`)."""
    return DeviceClass.objects.annotate(
        in_use=Count("devices", Q(devices__retired_on=None), distinct=True),
        retired=Count("devices", ~Q(devices__retired_on=None), distinct=True),
        numbers=Count("turns", distinct=True),
        rules_of=Count("rules", distinct=True),
    ).order_by("name", "pk")


def depends_on(listed: DeviceClass) -> str:
    """Return in words what keeps a class from being removed, '' where nothing does; `listed` is of classes_listed."""
    counts: dict[str, int] = {name: getattr(listed, name) for name in ("in_use", "retired", "numbers")}
    said = {
        "in_use": ngettext("%(count)d device", "%(count)d devices", counts["in_use"]),
        "retired": ngettext("%(count)d retired device", "%(count)d retired devices", counts["retired"]),
        "numbers": ngettext(
            "%(count)d number of the waiting line", "%(count)d numbers of the waiting line", counts["numbers"]
        ),
    }
    return ", ".join(words % {"count": counts[name]} for name, words in said.items() if counts[name])


def class_in_use(what: str) -> Problem:
    """Return the problem of a class on which `what` depends."""
    sentence = _("This class is in use: %(what)s. Give the devices another class first.")
    return Problem("class_in_use", sentence % {"what": what}, _("What depends on it"), lift_by="")


def class_held(count: int) -> Problem:
    """Return the problem of a class that changes its kind while `count` bookings stand on its devices."""
    sentence = ngettext(
        "%(count)d booking stands on devices of this class. Its kind can change when none does.",
        "%(count)d bookings stand on devices of this class. Its kind can change when none does.",
        count,
    )
    return Problem("class_held", sentence % {"count": count}, _("Bookings"), lift_by="")


@transaction.atomic
def add_class(*, said: ClassSaid, by: Actor, now: datetime) -> DeviceClass:
    """Add a class; its code, which files and presets call it by, is made of its name.

    Raises Refused `class_twice`, `class_not_bookable`.
    """
    return _save(DeviceClass(code=_free_code(said.name)), said, ADDITION, by, now)


@transaction.atomic
def change_class(*, class_id: int, said: ClassSaid, by: Actor, now: datetime, seen: str = "") -> DeviceClass:
    """Change a class; its code stays. What it is made of, and whether it is booked, only while no booking stands.

    `seen` is the version that the form was filled with. Raises Refused `class_gone`, `changed_meanwhile`,
    `class_twice`, `class_not_bookable`, `class_held`.
    """
    branches = _lock_branches()
    kind = DeviceClass.objects.select_for_update(no_key=True).filter(pk=class_id).first()
    if kind is None:
        raise Refused(CLASS_GONE)
    check_seen(kind, seen, asdict(said))
    if (kind.kind, kind.bookable) != (said.kind, said.bookable):
        held = Booking.objects.live(now).filter(device__device_class=kind).count()
        if held:
            raise Refused(class_held(held))
    saved = _save(kind, said, CHANGE, by, now)
    live.touch(*map(board_scope, branches))
    return saved


@transaction.atomic
def remove_class(*, class_id: int, by: Actor, now: datetime) -> None:
    """Delete a class that nothing depends on; what policies say of it goes too. Raises `class_in_use`, `class_gone`."""
    _lock_branches()
    listed = classes_listed().filter(pk=class_id).first()
    if listed is None:
        raise Refused(CLASS_GONE)
    if what := depends_on(listed):
        raise Refused(class_in_use(what))
    note(listed, DELETION, by=by, now=now)
    listed.delete()


def _free_code(name: str) -> str:
    """Return the name as a code, with a number behind it where another class has that code."""
    wanted = slugify(name)[: CODE_LENGTH - 5].strip("-") or "class"
    taken = set(DeviceClass.objects.values_list("code", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in chain([wanted], numbered) if code not in taken)


def _lock_branches() -> list[int]:
    """Lock every branch: a device gets its class, and a booking its device, under the lock of its branch."""
    return [lock_branch(pk).pk for pk in Branch.objects.order_by("pk").values_list("pk", flat=True)]


def _save(kind: DeviceClass, said: ClassSaid, what: int, by: Actor, now: datetime) -> DeviceClass:
    if said.bookable and said.kind != DeviceKind.COMPUTER:
        raise Refused(NOT_BOOKABLE)
    if DeviceClass.objects.filter(name__iexact=said.name).exclude(pk=kind.pk).exists():
        raise Refused(CLASS_TWICE)
    kind.name, kind.kind, kind.bookable = said.name, said.kind, said.bookable
    with (
        refused_by(CODE_ONCE, Refused(CLASS_TWICE)),
        refused_by("device_class_only_computers_bookable", Refused(NOT_BOOKABLE)),
    ):
        kind.save()
    note(kind, what, by=by, now=now)
    return kind
