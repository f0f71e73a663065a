"""Sign-in, the way home, stale forms, health, strict environment variables."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from helpdesk import env, registry
from helpdesk.db import refused_by
from reservations.models import Area
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = make.make_user("desk", make.make_branch())
    user.set_password("a long demo password")
    user.save()
    return user


def test_home_leads_to_the_first_screen_of_the_role(client, user):
    client.force_login(user)
    assert client.get("/").headers["Location"] == reverse("desk")


def test_the_tech_starts_at_the_work_list(client):
    client.force_login(make.make_user("tech"))
    assert client.get("/").headers["Location"] == reverse("it")


def test_a_right_password_signs_in_and_leads_on(client, user):
    answer = client.post(
        reverse("sign-in"), {"username": user.username, "password": "a long demo password", "next": "/desk/"}
    )
    assert answer.headers["Location"] == "/desk/"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example"])
def test_signing_in_never_leads_to_another_host(client, user, target):
    answer = client.post(
        reverse("sign-in"), {"username": user.username, "password": "a long demo password", "next": target}
    )
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_keeps_the_user_name_and_says_one_sentence(client, user):
    answer = client.post(reverse("sign-in"), {"username": user.username, "password": "wrong"})
    assert answer.status_code == 422
    assert user.username in answer.text
    assert "do not go together" in answer.text


def test_signing_out_needs_a_post(client, user):
    client.force_login(user)
    assert client.get(reverse("sign-out")).status_code == 405
    client.post(reverse("sign-out"))
    assert client.get("/").status_code == 302


def test_an_expired_sign_in_answers_htmx_with_a_redirect_header_and_no_login_page(client):
    answer = client.get(reverse("desk"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["HX-Redirect"] == reverse("sign-in")


def test_a_stale_form_of_staff_says_that_nothing_was_saved(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post(reverse("sign-out"))
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.text


def test_a_stale_form_of_a_kiosk_leads_back_to_its_start():
    answer = Client(enforce_csrf_checks=True).post("/kiosk/leave/")
    assert answer.headers["Location"] == f"{reverse('kiosk')}?stale=1"


def test_another_roles_page_says_whose_it_is(client, user):
    client.force_login(user)
    answer = client.get(reverse("it"))
    assert answer.status_code == 403
    assert "This page is not yours" in answer.text


def test_a_wrong_address_is_said_plainly(client, user):
    client.force_login(user)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_healthz_answers_without_database_and_sign_in(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"ok": True}


def test_readyz_gives_every_registered_figure(client):
    answer = client.get("/readyz")
    assert {figure.key for figure in registry.health_figures()} <= set(answer.json())
    assert answer.json()["database"] is True


def test_the_content_policy_allows_no_inline_script(client):
    policy = client.get(reverse("sign-in")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_refusal_by_another_constraint_goes_through_untouched():
    branch = make.make_branch()
    Area.objects.create(branch=branch, name="Row")
    with pytest.raises(IntegrityError), refused_by("some_other_constraint", ValueError("x")):
        Area.objects.create(branch=branch, name="Row")


@pytest.mark.parametrize(
    ("read", "value"), [(lambda: env.number("X_TEST", 1), "ten"), (lambda: env.flag("X_TEST", default=False), "maybe")]
)
def test_a_wrong_environment_variable_stops_the_start_with_its_name(monkeypatch, read, value):
    monkeypatch.setenv("X_TEST", value)
    with pytest.raises(ImproperlyConfigured, match="X_TEST must be"):
        read()


def test_an_unset_variable_gives_its_default(monkeypatch):
    monkeypatch.delenv("X_TEST", raising=False)
    assert (env.text("X_TEST", "a"), env.number("X_TEST", 3), env.words("X_TEST", "a, b")) == ("a", 3, ["a", "b"])


def test_the_sound_is_switched_on_and_off_and_leads_back(client, user):
    client.force_login(user)
    for expected in (True, False):
        answer = client.post(reverse("sound"), {"next": "/desk/"})
        user.refresh_from_db()
        assert (user.sound, answer.headers["Location"]) == (expected, "/desk/")


def test_a_member_of_staff_without_a_branch_is_told_the_next_step(client):
    client.force_login(make.make_user("desk"))
    answer = client.get(reverse("desk"))
    assert answer.status_code == 403
    assert "A manager adds you to one" in answer.text


def test_a_request_that_is_too_large_gets_a_sentence(client, user):
    client.force_login(user)
    answer = client.post(reverse("sound"), {"next": "x" * 3_000_000})
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.text


@pytest.mark.parametrize(
    ("path", "holder"),
    [
        ("/set-up/classes/add/", "/set-up/classes/"),
        ("/set-up/hours/harbour/plan/", "/set-up/hours/harbour/"),
        ("/card/harbour/find/", "/card/harbour/"),
        ("/set-up/carry/look/", "/set-up/carry/"),
    ],
)
def test_a_forms_address_that_is_opened_leads_to_the_page_of_the_form(client, path, holder):
    make.make_branch(slug="harbour")
    client.force_login(make.make_user("manager"))
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Nothing was saved" in answer.content.decode()
    assert f'href="{holder}"' in answer.content.decode()


@pytest.mark.parametrize(("wanted", "opened"), [("/set-up/classes/add/", "/set-up/classes/"), ("/blocks/", "/blocks/")])
def test_who_signs_in_anew_in_the_middle_of_a_form_is_led_to_its_page(client, wanted, opened):
    user = make.make_user("manager")
    user.set_password("a long demo password")
    user.save()
    sent = {"username": user.username, "password": "a long demo password", "next": wanted}
    answer = client.post(reverse("sign-in"), sent)
    assert answer.headers["Location"] == opened


def test_what_apps_ask_for_is_prepared_when_a_web_process_starts(monkeypatch):
    done = []
    monkeypatch.setattr(registry, "_warm_ups", {})
    for key in ("a", "b"):
        registry.add_warm_up(registry.WarmUp(key, lambda key=key: done.append(key)))
    registry.warm_up()
    assert done == ["a", "b"]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value"), [("jit", "off"), ("max_parallel_workers_per_gather", "0")])
def test_the_database_answers_short_queries_by_itself(name, value):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        assert cursor.fetchone() == (value,)
