"""Each check speaks up for what it is there for, and is silent where all is well."""

import pytest
from django.core import checks as django_checks
from django.db import models
from django.test.utils import isolate_apps

from helpdesk import checks, embedded

LONG = "a long random text that nobody could ever guess, for one purpose only"


def ids(found: list[django_checks.CheckMessage]) -> list[str]:
    return [message.id for message in found]


@pytest.fixture(autouse=True)
def production(settings) -> None:
    """Settings that a library could run with."""
    settings.DEBUG = settings.DEMO = False
    settings.SECRET_KEY, settings.PATRON_KEY = f"{LONG} 1", f"{LONG} 2"
    settings.ALLOWED_HOSTS = ["helpdesk.example.org"]
    settings.BASE_URL, settings.EMAIL_BACKEND = "https://helpdesk.example.org", checks.SMTP
    settings.DATABASE_URL, settings.REDIS_URL = "postgresql://database/helpdesk", "redis://redis/0"


SETTINGS_CHECKS = [
    checks.secrets_are_long_and_different,
    checks.hosts_are_named,
    checks.mail_links_lead_here,
    checks.time_zone_is_known,
    checks.both_servers_are_named,
]


@pytest.mark.parametrize("check", SETTINGS_CHECKS)
def test_good_settings_pass(check) -> None:
    assert check() == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "PATRON_KEY"])
def test_a_short_secret_is_an_error_that_names_it(settings, name) -> None:
    setattr(settings, name, "short")
    (found,) = checks.secrets_are_long_and_different()
    assert (found.id, found.msg.split()[0]) == ("helpdesk.E001", name)


def test_one_secret_for_two_purposes_is_an_error(settings) -> None:
    settings.SECRET_KEY = settings.PATRON_KEY
    assert ids(checks.secrets_are_long_and_different()) == ["helpdesk.E002"]


def test_no_message_quotes_a_secret(settings) -> None:
    settings.SECRET_KEY = settings.PATRON_KEY = "hush"
    assert not any("hush" in str(message) for message in checks.secrets_are_long_and_different())


def test_accepting_every_host_is_an_error(settings) -> None:
    settings.ALLOWED_HOSTS = ["helpdesk.example.org", "*"]
    assert ids(checks.hosts_are_named()) == ["helpdesk.E003"]


@pytest.mark.parametrize("address", ["", "helpdesk.example.org", "http://127.0.0.1:8000", "https://localhost/"])
def test_mail_whose_links_lead_nowhere_is_an_error(settings, address) -> None:
    settings.BASE_URL = address
    assert ids(checks.mail_links_lead_here()) == ["helpdesk.E004"]


def test_links_may_lead_anywhere_while_no_mail_leaves(settings) -> None:
    settings.BASE_URL = "http://127.0.0.1:8000"
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert checks.mail_links_lead_here() == []


@pytest.mark.parametrize("name", ["Nowhere/Atlantis", "../etc/passwd", "America"])
def test_an_unknown_time_zone_is_an_error(monkeypatch, name) -> None:
    monkeypatch.setattr(checks, "settings", type("Settings", (), {"TIME_ZONE": name}))
    assert ids(checks.time_zone_is_known()) == ["helpdesk.E005"]


@pytest.mark.parametrize(
    ("name", "url"),
    [("DATABASE_URL", lambda: embedded.default_urls().database), ("REDIS_URL", lambda: embedded.default_urls().redis)],
)
def test_an_embedded_engine_in_production_is_an_error(settings, name, url) -> None:
    setattr(settings, name, url())
    (found,) = checks.both_servers_are_named()
    assert (found.id, found.msg) == ("helpdesk.E006", f"{name} is not set.")


@pytest.mark.parametrize("mode", ["DEBUG", "DEMO"])
def test_the_demo_and_the_programmer_are_left_alone(settings, mode) -> None:
    setattr(settings, mode, True)
    settings.SECRET_KEY = settings.PATRON_KEY = "short"
    settings.ALLOWED_HOSTS, settings.BASE_URL = ["*"], ""
    settings.DATABASE_URL, settings.REDIS_URL = embedded.default_urls().database, embedded.default_urls().redis
    assert [message for check in SETTINGS_CHECKS for message in check()] == []


def test_deploy_checks_run_only_for_a_deployment() -> None:
    always = django_checks.registry.registry.get_checks()
    assert checks.secrets_are_long_and_different in always
    assert checks.hosts_are_named not in always
    assert checks.hosts_are_named in django_checks.registry.registry.get_checks(include_deployment_checks=True)


def test_names_of_the_product_pass() -> None:
    assert checks.names_are_chosen() == []
    assert checks.times_say_what_they_are() == []


@isolate_apps("helpdesk")
def test_an_index_without_a_name_of_its_own_is_an_error(monkeypatch) -> None:
    class Nameless(models.Model):
        at = models.DateTimeField()

        class Meta:
            app_label = "helpdesk"
            indexes = (models.Index(fields=["at"]),)

    monkeypatch.setattr(checks, "our_models", lambda: [Nameless])
    assert ids(checks.names_are_chosen()) == ["helpdesk.E007"]


@isolate_apps("helpdesk")
def test_a_uniqueness_without_a_name_is_an_error(monkeypatch) -> None:
    class Pair(models.Model):
        left = models.IntegerField()
        right = models.IntegerField()

        class Meta:
            app_label = "helpdesk"
            unique_together = (("left", "right"),)

    monkeypatch.setattr(checks, "our_models", lambda: [Pair])
    assert ids(checks.names_are_chosen()) == ["helpdesk.E007"]


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        ("created_at", models.DateTimeField, []),
        ("check_in_by", models.DateTimeField, []),
        ("created", models.DateTimeField, ["helpdesk.E008"]),
        ("closed_on", models.DateTimeField, ["helpdesk.E008"]),
        ("closed_on", models.DateField, []),
        ("closed_at", models.DateField, ["helpdesk.E008"]),
        ("flat", models.IntegerField, []),
    ],
)
@isolate_apps("helpdesk")
def test_a_time_whose_name_hides_its_type_is_an_error(monkeypatch, name, field, expected) -> None:
    meta = type("Meta", (), {"app_label": "helpdesk"})
    model = type("Timed", (models.Model,), {"__module__": __name__, "Meta": meta, name: field()})
    monkeypatch.setattr(checks, "our_models", lambda: [model])
    assert ids(checks.times_say_what_they_are()) == expected
