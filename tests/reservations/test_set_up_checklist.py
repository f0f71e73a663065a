"""The hub of set-up: what is missing at each branch, in order, and where a manager without a branch begins."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from helpdesk.models import Role
from reservations.cards.importing import import_batch
from reservations.models import Booking, Branch, CardImport, DeviceClass
from reservations.set_up.checklist import checklists, missing_at
from reservations.set_up.doors import DOORS, door
from tests import factories as make
from tests.factories import NOW, at
from tests.reservations.test_week_views import sent as week_sent

pytestmark = pytest.mark.django_db
NUMBER, PIN = "29990000000017", "2468"


@pytest.fixture(autouse=True)
def _at_two(monkeypatch):
    monkeypatch.setattr("helpdesk.clock.now", lambda: NOW)


@pytest.fixture
def user():
    return make.make_user(Role.MANAGER)


@pytest.fixture
def manager(client, user):
    client.force_login(user)
    return client


def ready(**fields):
    """Return a branch at which nothing is missing."""
    branch = make.make_branch(**fields)
    make.make_device(branch)
    make.make_kiosk(branch, uuid4().hex)
    make.make_user(Role.DESK, branch)
    return branch


def missing(branch):
    found = next(each for each in checklists() if each.branch == branch)
    return [step.key for step in found.missing]


def test_an_empty_system_asks_for_a_branch_first_and_opens_nothing_that_needs_one():
    [found] = checklists()
    assert (found.branch, found.next.url) == (None, reverse("branch-new"))
    keys = ["branch", "hours", "kind", "seat", "kiosk", "cards", "staff"]
    assert [step.key for step in found.missing] == keys
    assert [step.key for step in found.steps if step.url] == ["branch", "kind", "cards"]


def test_a_bare_branch_is_told_everything_it_lacks_in_order():
    branch = make.make_branch(hours=False)
    assert missing(branch) == ["hours", "kind", "seat", "kiosk", "cards", "staff"]
    assert missing_at(branch) == f"6 things are missing before the first patron can book at {branch.name}."


def test_a_branch_that_has_it_all_is_told_nothing():
    branch = ready()
    make.make_card()
    assert (missing(branch), missing_at(branch)) == ([], "")


def test_what_one_branch_has_is_not_missing_there_alone():
    other = make.make_branch(hours=False)
    branch = ready()
    assert missing(branch) == ["cards"]
    assert missing(other) == ["hours", "seat", "kiosk", "cards", "staff"]


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (lambda branch: branch.devices.update(retired_on=at(12).date()), "seat"),
        (lambda branch: branch.kiosks.update(revoked_at=NOW), "kiosk"),
        (lambda branch: branch.opening_hours.all().delete(), "hours"),
        (lambda branch: branch.posts.get().user.delete(), "staff"),
        (lambda branch: type(branch.posts.get().user).objects.update(is_active=False), "staff"),
        (lambda branch: type(branch.posts.get().user).objects.update(role=Role.TECH), "staff"),
    ],
)
def test_what_is_out_of_use_is_missing(spoil, key):
    branch = ready()
    make.make_card()
    spoil(branch)
    assert missing(branch) == [key]


def test_a_machine_that_nobody_books_is_no_computer():
    branch = make.make_branch()
    make.make_device(branch, kind=make.make_class(kind="printer", bookable=False))
    assert {"kind", "seat"} <= set(missing(branch))


def test_the_library_system_knows_the_cards(settings):
    settings.PATRON_SOURCE = "sip2"
    branch = make.make_branch()
    assert "cards" not in missing(branch)
    step = next(step for step in checklists()[0].steps if step.key == "cards")
    assert step.text == "The library system is asked; a file of cards signs nobody in"


def test_a_branch_at_which_people_book_is_not_counted_at(manager):
    branch = make.make_branch()
    make.make_booking(make.make_device(branch), at(15), at(16))
    assert missing(branch) == ["kiosk", "cards", "staff"]
    assert missing_at(branch) == ""
    page = manager.get(reverse("set-up")).content.decode()
    assert "People book here. Not set up yet: Kiosk, Cards, Staff" in page


def test_one_step_of_all_branches_has_the_lamp(manager):
    make.make_branch(hours=False)
    make.make_branch(hours=False)
    answer = manager.get(reverse("set-up"))
    assert answer.content.decode().count("btn--lamp") == 1
    assert answer.context["next"].key == "hours"


def test_every_door_opens_for_a_manager(manager):
    branch = make.make_branch()
    statuses = {each.key: manager.get(each.url(branch)).status_code for each in DOORS}
    assert set(statuses.values()) == {200}


def test_a_door_that_is_about_a_branch_waits_for_the_first_one(manager):
    assert door("hours").url(None) == ""
    assert "Opens once there is a branch" in manager.get(reverse("set-up")).content.decode()


def test_the_hub_takes_as_many_queries_for_more_branches(manager, django_assert_num_queries):
    for _branch in range(3):
        ready()
        with django_assert_num_queries(5):
            manager.get(reverse("set-up"))


def test_a_manager_without_a_branch_begins_at_set_up(client, user):
    user.set_password("a long demo password")
    user.save()
    sent = {"username": user.username, "password": "a long demo password"}
    answer = client.post(reverse("sign-in"), sent, follow=True)
    assert [step for step, _status in answer.redirect_chain] == ["/", reverse("set-up")]
    assert answer.status_code == 200


def test_a_manager_with_a_branch_begins_at_the_desk(manager):
    make.make_branch()
    assert manager.get("/").headers["Location"] == reverse("desk")


@pytest.mark.parametrize("role", [Role.DESK, Role.REFERENCE])
def test_other_staff_never_begin_at_set_up(client, role):
    client.force_login(make.make_user(role))
    assert client.get("/").headers["Location"] == reverse("desk")


def test_a_page_that_needs_a_branch_tells_a_manager_the_next_step(manager):
    answer = manager.get(reverse("desk"))
    assert answer.status_code == 403
    assert "There is no branch yet. Add the first one in Set-up" in answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_the_news_on_every_page_are_asked_for_without_a_branch_too(client, role):
    client.force_login(make.make_user(role))
    assert client.get(reverse("notices"), headers={"HX-Request": "true"}).status_code == 200


def test_the_desk_of_a_bare_branch_leads_a_manager_to_set_up(manager):
    branch = make.make_branch()
    page = manager.get(reverse("desk-branch", args=[branch.slug])).content.decode()
    assert f"5 things are missing before the first patron can book at {branch.name}." in page


def test_the_desk_of_a_branch_with_seats_and_hours_says_nothing_of_set_up(manager):
    branch = make.make_device(make.make_branch()).branch
    page = manager.get(reverse("desk-branch", args=[branch.slug])).content.decode()
    assert "missing before the first patron" not in page


def test_the_desk_tells_nobody_else_what_is_missing(client):
    branch = make.make_branch()
    client.force_login(make.make_user(Role.DESK, branch))
    page = client.get(reverse("desk-branch", args=[branch.slug])).content.decode()
    assert "missing before the first patron" not in page


def mend_branch(manager, _screen):
    manager.post(reverse("branch-add"), {"name": "Harbour"})


def mend_hours(manager, _screen):
    address = reverse("week-plan", args=["harbour"])
    seen = manager.post(address, week_sent()).context["plan"].seen
    manager.post(address, week_sent(do="save", seen=seen))


def mend_kind(manager, _screen):
    manager.post(reverse("class-add"), {"name": "Internet PC", "kind": "computer", "bookable": "on"})


def mend_seat(manager, _screen):
    kind = DeviceClass.objects.get()
    manager.post(reverse("device-add", args=["harbour"]), {"label": "1", "device_class": kind.pk})


def mend_kiosk(_manager, screen):
    screen.force_login(make.make_user(Role.MANAGER))
    screen.post(reverse("kiosk-pair"), {"name": "Kiosk 1", "branch": Branch.objects.get().pk})


def mend_cards(manager, _screen):
    lines = f"number,pin,age_band\n{NUMBER},{PIN},adult\n".encode()
    manager.post(reverse("card-upload"), {"file": SimpleUploadedFile("cards.csv", lines)})
    read = CardImport.objects.get()
    manager.post(reverse("card-import-begin", args=[read.pk]))
    import_batch(pk=read.pk, now=NOW)


def mend_staff(manager, _screen):
    account = {"username": "desk-2", "role": "desk", "email": "desk-2@example.org"}
    account |= {"password1": "long enough, this", "password2": "long enough, this"}
    posts = {"posts-TOTAL_FORMS": 1, "posts-INITIAL_FORMS": 0, "posts-0-branch": Branch.objects.get().pk}
    manager.post(reverse("admin:helpdesk_user_add"), account | posts)


MEND = {
    "branch": mend_branch,
    "hours": mend_hours,
    "kind": mend_kind,
    "seat": mend_seat,
    "kiosk": mend_kiosk,
    "cards": mend_cards,
    "staff": mend_staff,
}


def test_an_empty_system_becomes_bookable_by_following_the_checklists_links(manager):
    screen, followed = Client(), []
    while step := manager.get(reverse("set-up")).context["next"]:
        assert step.key not in followed
        assert manager.get(step.url).status_code == 200
        MEND[step.key](manager, screen)
        followed.append(step.key)
    assert followed == list(MEND)
    assert "Nothing is missing." in manager.get(reverse("set-up")).content.decode()
    screen.post(reverse("kiosk-sign-in") + "?then=now", {"number": NUMBER, "pin": PIN})
    seat = Branch.objects.get().devices.get()
    screen.post(reverse("kiosk-book"), {"kind": "now", "device": seat.pk, "request_key": uuid4()})
    assert Booking.objects.get().device == seat
