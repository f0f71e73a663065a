"""The demo command: at any hour, the same twice, and never over anybody else's data."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from helpdesk.models import Role
from reservations.models import Booking, Branch
from reservations.models.booking import Kind
from reservations.public import demo
from tests.factories import NOW, make_branch, make_user
from troubleshooting.demo.build import build, rebuild
from troubleshooting.models import Ticket
from troubleshooting.models.category import Tier

pytestmark = pytest.mark.django_db


def build_at(moment: datetime) -> None:
    build(now=moment)
    assert Ticket.objects.open().filter(tier=Tier.IT).count() >= 10
    assert Booking.objects.live(moment).filter(kind=Kind.PATRON).exists()
    assert not Booking.objects.stale(moment).exists()


@pytest.mark.slow
def test_it_can_be_built_at_three_in_the_night() -> None:
    build_at(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 29, 12, 1, tzinfo=UTC),  # Sunday 7:01, one branch has just opened
        datetime(2026, 11, 28, 3, 44, tzinfo=UTC),  # 22:44, computers are about to stop
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # the hour that comes twice
        datetime(2027, 3, 14, 16, 0, tzinfo=UTC),  # the day of 23 hours
    ],
    ids=["opening", "closing", "clocks-back", "clocks-forward"],
)
def test_it_can_be_built_at_any_moment(moment: datetime) -> None:
    build_at(moment)


@pytest.mark.slow
def test_rebuilding_gives_the_same_library_again() -> None:
    def figures() -> list[Any]:
        rows = Booking.objects.exclude(patron__source="guest").order_by("pk")
        said = rows.values_list("branch__slug", "device__label", "period", "outcome", "patron__alias")
        return [list(said), list(Ticket.objects.order_by("pk").values_list("text", "opened_at", "tier", "state"))]

    build(now=NOW)
    first = figures()
    connection.check_constraints()  # a transaction of its own in life: nothing pending when tables are emptied
    rebuild(now=NOW)
    assert figures() == first


def command(option: str) -> str:
    said = StringIO()
    call_command("demo", option, stdout=said)
    return said.getvalue()


def test_without_demo_in_the_environment_nothing_is_built(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        command("--reset")
    assert not Branch.objects.exists()


@pytest.mark.slow
def test_an_empty_database_is_filled(settings: Any) -> None:
    settings.DEMO = True
    command("--if-empty")
    assert demo.holds_the_demo()


@pytest.mark.parametrize("option", ["--if-empty", "--reset"])
def test_an_empty_database_is_where_it_is_built(settings: Any, monkeypatch: pytest.MonkeyPatch, option: str) -> None:
    settings.DEMO = True
    built = []
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)
    monkeypatch.setattr("troubleshooting.management.commands.demo.build", lambda *, now: built.append(now))
    command(option)
    assert built == [NOW]


def test_another_library_is_refused_and_kept(settings: Any) -> None:
    settings.DEMO = True
    make_branch(name="Town Hall")
    with pytest.raises(CommandError, match="Town Hall"):
        command("--reset")
    assert Branch.objects.get().name == "Town Hall"


def test_if_empty_leaves_another_library_alone(settings: Any) -> None:
    settings.DEMO = True
    make_user(Role.MANAGER)
    command("--if-empty")
    assert not Branch.objects.exists()


def test_a_library_of_its_own_is_told_no_demo_password(settings: Any) -> None:
    settings.DEMO = True
    make_branch()
    assert demo.PASSWORD not in command("--sign-ins")
