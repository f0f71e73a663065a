"""The set-up pages: managers alone, refusals as sentences, nothing secret shown, a constant number of queries."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from helpdesk.models import Role, User
from reservations.models import Area, Booking, Branch, Card, Closure, Device, DeviceClass, Kiosk, OpeningHours, Policy
from reservations.patrons.keys import card_key, pin_matches
from reservations.patrons.sources import LocalCards
from tests.factories import (
    NOW,
    make_branch,
    make_card,
    make_device,
    make_guide,
    make_patron,
    make_ticket,
    make_user,
)
from troubleshooting.models import Category, GuideAnswer, Ticket

pytestmark = pytest.mark.django_db

LISTED = sorted(model._meta.label_lower for model in admin.site._registry)


def url(label: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


def signed_in(role: str, **fields: Any) -> Client:
    user = make_user(role)
    User.objects.filter(pk=user.pk).update(is_staff=False, is_superuser=False, **fields)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager() -> Client:
    """A signed-in manager without any of Django's own flags."""
    return signed_in(Role.MANAGER)


def rows(prefix: str, *forms: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """Return the fields of an inline as its page sends them."""
    sent = {f"{prefix}-TOTAL_FORMS": len(forms), f"{prefix}-INITIAL_FORMS": initial}
    for number, form in enumerate(forms):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in form.items()}
    return sent


def test_what_is_set_up_is_exactly_this() -> None:
    assert LISTED == [
        "helpdesk.user",
        "reservations.card",
        "reservations.patron",
        "troubleshooting.category",
    ]


def test_what_has_verbs_of_its_own_cannot_be_written_here() -> None:
    assert not {Area, Booking, Branch, Closure, Device, DeviceClass, Kiosk, OpeningHours, Policy, Ticket} & set(
        admin.site._registry
    )


@pytest.mark.parametrize("label", LISTED)
def test_a_manager_opens_every_list(manager: Client, label: str) -> None:
    assert manager.get(url(label)).status_code == 200


@pytest.mark.parametrize("label", sorted(set(LISTED) - {"reservations.patron"}))
def test_a_manager_opens_every_form(manager: Client, label: str) -> None:
    assert manager.get(url(label, "add")).status_code == 200


def test_patrons_are_not_added_by_hand(manager: Client) -> None:
    assert manager.get(url("reservations.patron", "add")).status_code == 403


def test_the_start_page_lists_the_models_for_a_manager(manager: Client) -> None:
    assert url("reservations.card") in manager.get("/admin/").content.decode()


@pytest.mark.parametrize("role", [Role.DESK, Role.REFERENCE, Role.TECH])
@pytest.mark.parametrize("label", LISTED)
def test_another_role_is_refused_even_with_djangos_flags(role: str, label: str) -> None:
    user = make_user(role, is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    assert client.get(url(label), follow=True).status_code == 403


def test_a_manager_whose_account_is_off_is_refused() -> None:
    client = signed_in(Role.MANAGER, is_active=False)
    assert client.get("/admin/").status_code == 302


def test_a_stranger_is_led_to_the_products_own_sign_in(client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("sign-in"))


def test_a_manager_adds_an_account_with_role_and_branch(manager: Client) -> None:
    branch = make_branch()
    posts = rows("posts", {"branch": branch.pk})
    account = {"username": "desk-2", "role": "desk", "email": "desk-2@example.org"}
    passwords = {"password1": "long enough, this", "password2": "long enough, this"}
    assert manager.post(url("helpdesk.user", "add"), account | passwords | posts).status_code == 302
    user = User.objects.get(username="desk-2")
    assert (user.role, [post.branch for post in user.posts.all()]) == ("desk", [branch])


def test_nobody_deletes_an_account(manager: Client) -> None:
    other = make_user(Role.DESK)
    assert manager.post(url("helpdesk.user", "delete", other.pk), {"post": "yes"}).status_code == 403
    manager.post(url("helpdesk.user"), {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"})
    assert User.objects.filter(pk=other.pk).exists()


def test_the_page_of_an_account_says_how_it_is_put_out_of_use(manager: Client) -> None:
    page = manager.get(url("helpdesk.user", "change", make_user(Role.DESK).pk)).content.decode()
    assert "Untick Active instead." in page


def test_what_slips_past_the_form_is_refused_with_a_sentence(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Category.objects.create(code="wobble", name="It wobbles")
    monkeypatch.setattr(Category, "validate_unique", lambda *_args, **_options: None)
    sent = {"code": "wobble", "name": "Again", "tier": 1, "kind": "tech_help", "tally_group": "other"}
    sent |= {"promise_minutes": 5, "box_minutes": 5, "position": 0, "is_offered": "on"}
    answer = manager.post(url("troubleshooting.category", "add"), sent, follow=True)
    assert answer.status_code == 200
    assert "Nothing was saved" in answer.content.decode()
    assert Category.objects.filter(code="wobble").count() == 1


def test_the_start_page_leads_back_to_set_up(manager: Client) -> None:
    assert f'href="{reverse("set-up")}"' in manager.get("/admin/").content.decode().partition("<main")[2]


def test_a_new_card_keeps_a_key_and_a_hash_and_signs_in(manager: Client) -> None:
    sent = {"number": "2999 0000 0000 42", "pin": "8642", "age_band": "teen"}
    assert manager.post(url("reservations.card", "add"), sent).status_code == 302
    card = Card.objects.get()
    assert (card.key, card.alias, card.age_band) == (card_key("29990000000042"), "042", "teen")
    assert LocalCards().identify("29990000000042", "8642", NOW)


def test_a_card_page_shows_neither_number_nor_pin_nor_key(manager: Client) -> None:
    card = make_card("29990000000042", "8642")
    page = manager.get(url("reservations.card", "change", card.pk)).content.decode()
    assert not [secret for secret in ("29990000000042", "8642", card.key, card.pin_hash) if secret in page]


def test_a_card_gets_a_new_pin_only_where_one_is_typed(manager: Client) -> None:
    card = make_card("29990000000042", "8642")
    change = url("reservations.card", "change", card.pk)
    manager.post(change, {"pin": "", "age_band": "adult"})
    card.refresh_from_db()
    assert pin_matches("8642", card.pin_hash)
    manager.post(change, {"pin": "1357", "age_band": "adult"})
    card.refresh_from_db()
    assert pin_matches("1357", card.pin_hash)


@pytest.mark.parametrize("number", ["29990000000042", "2999-0000-0000-42", "12"])
def test_a_known_or_too_short_card_number_is_a_sentence(manager: Client, number: str) -> None:
    make_card("29990000000042")
    sent = {"number": number, "pin": "8642", "age_band": "adult"}
    answer = manager.post(url("reservations.card", "add"), sent)
    assert (answer.status_code, Card.objects.count()) == (200, 1)


def test_a_block_is_no_field_of_the_set_up_it_has_a_verb_with_a_reason(manager: Client) -> None:
    patron = make_patron()
    sent = {"blocked_until_0": "2026-12-24", "blocked_until_1": "12:00:00"}
    sent |= {"walk_up_only_until_0": "2026-12-24", "walk_up_only_until_1": "12:00:00"}
    assert manager.post(url("reservations.patron", "change", patron.pk), sent).status_code == 302
    patron.refresh_from_db()
    assert patron.walk_up_only_until is not None
    assert patron.blocked_until is None


def test_a_category_that_questions_are_about_is_not_deleted_and_the_refusal_says_how_to_hide_it(
    manager: Client,
) -> None:
    category = Category.objects.get(code="printing")
    make_ticket(make_branch(), category=category)
    page = manager.post(url("troubleshooting.category", "delete", category.pk), {"post": "yes"}, follow=True)
    said = page.content.decode()
    assert "1 question is about “Printing: nothing came out”, so it stays." in said
    assert "To hide it, untick “Offered for new questions”." in said
    assert Category.objects.filter(pk=category.pk).exists()


def test_a_category_whose_guide_was_answered_is_not_deleted(manager: Client) -> None:
    version = make_guide(Category.objects.get(code="printing"))
    ticket = make_ticket(make_branch())
    GuideAnswer.objects.create(ticket=ticket, step=version.steps.first(), answer="no", at=NOW, by_kind="staff")
    manager.post(url("troubleshooting.category", "delete", version.category_id), {"post": "yes"})
    assert Category.objects.filter(pk=version.category_id).exists()


def test_a_category_that_nobody_used_is_deleted_with_its_guide(manager: Client) -> None:
    category = Category.objects.get(code="printing")
    manager.post(url("troubleshooting.category", "delete", category.pk), {"post": "yes"})
    assert not Category.objects.filter(pk=category.pk).exists()


def test_what_nobody_has_sorted_yet_keeps_its_category(manager: Client) -> None:
    other = Category.objects.get(code="other")
    page = manager.post(url("troubleshooting.category", "delete", other.pk), {"post": "yes"}, follow=True)
    assert "Questions that nobody has sorted yet need this one, so it stays." in page.content.decode()
    assert "is_offered" not in page.context["adminform"].form.fields


def more_of(label: str) -> None:
    """Add rows to the list of `label`."""
    branch = make_branch()
    device = make_device(branch)
    make_card(f"2999{device.pk:010d}")
    make_patron()
    Category.objects.create(code=f"more-{device.pk}", name="More")


@pytest.mark.parametrize("label", LISTED)
def test_a_list_takes_as_many_queries_for_more_rows(
    manager: Client, label: str, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    more_of(label)
    with django_assert_max_num_queries(12) as few:
        manager.get(url(label))
    for _row in range(3):
        more_of(label)
    with django_assert_num_queries(len(few)):
        manager.get(url(label))


@pytest.mark.parametrize(("role", "status"), [("desk", 200), ("reference", 200), ("tech", 302), ("manager", 302)])
def test_an_account_of_the_desk_needs_a_branch(manager: Client, role: str, status: int) -> None:
    account = {"username": "new", "role": role, "password1": "long enough, this", "password2": "long enough, this"}
    answer = manager.post(url("helpdesk.user", "add"), account | rows("posts"))
    assert (answer.status_code, User.objects.filter(username="new").exists()) == (status, status == 302)
    assert ("Choose a branch: somebody with this role" in answer.content.decode()) == (status == 200)
