"""The files of the production shape agree with each other, with the code and with README."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from packaging.specifiers import SpecifierSet

from helpdesk.engines.postgresql import SETTINGS
from reservations.models import Policy
from tests.production import (
    FILLED_IN,
    ROOT,
    app_services,
    command_of,
    compose,
    instructions,
    variables_read,
)


def test_the_image_has_a_python_that_the_project_accepts() -> None:
    version = re.search(r"python:([\d.]+)", instructions("FROM")[-1])
    wanted = re.search(r'^requires-python = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert wanted
    assert SpecifierSet(wanted[1]).contains(f"{version[1]}.0")


def test_what_the_image_copies_exists_and_is_let_through() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = [source for copied in instructions("COPY") for source in copied.split()[:-1]]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert {source, *map(str, Path(source).parents)} & let_through, source


def test_the_image_holds_every_folder_that_the_code_needs() -> None:
    copied = {source for line in instructions("COPY") for source in line.split()[:-1]}
    wanted = {"helpdesk", "reservations", "troubleshooting", "templates", "static", "locale", "manage.py"}
    assert wanted <= copied


def test_the_image_runs_as_somebody_without_rights() -> None:
    assert instructions("USER") == ["helpdesk"]


def test_every_variable_of_compose_is_one_that_the_product_reads() -> None:
    for name, service in app_services().items():
        assert set(service["environment"]) <= variables_read(), name


def test_every_service_of_the_image_sees_the_same_environment() -> None:
    seen = [service["environment"] for service in app_services().values()]
    assert set(app_services()) == {"migrate", "web", "worker", "beat"}
    assert all(environment == seen[0] for environment in seen)


@pytest.mark.parametrize("name", FILLED_IN)
def test_compose_refuses_to_start_without(name: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)
    assert uses
    assert all(use.startswith(":?Set ") for use in uses)


def test_the_example_of_the_environment_names_only_what_compose_reads_and_holds_no_secret() -> None:
    given = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert set(given) <= set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert set(given) >= set(FILLED_IN)
    assert not any(given[name] for name in given if re.search("KEY|PASSWORD", name))


def test_web_worker_and_beat_wait_for_the_tables() -> None:
    for name in ("web", "worker", "beat"):
        assert compose()["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_there_is_exactly_one_beat() -> None:
    assert compose()["services"]["beat"]["deploy"]["replicas"] == 1


def test_the_worker_serves_every_queue() -> None:
    command = command_of("worker")
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert set(command[command.index("--queues") + 1].split(",")) == routed | {settings.CELERY_TASK_DEFAULT_QUEUE}


def test_every_foreign_image_names_its_version() -> None:
    images = [service["image"] for service in compose()["services"].values() if "build" not in service]
    assert images
    assert all(re.search(r":\d", image) for image in images)


def test_the_data_of_both_servers_outlives_their_containers() -> None:
    services = compose()["services"]
    for name in ("postgres", "redis"):
        volume = services[name]["volumes"][0].split(":")[0]
        assert volume in compose()["volumes"]


def test_postgresql_keeps_rows_out_of_its_log_as_the_embedded_one_does() -> None:
    chosen = dict(word.split("=") for word in command_of("postgres") if "=" in word)
    assert chosen == {name: value for name, value in SETTINGS.items() if name.startswith("log_")}


def test_readme_lists_every_variable_and_no_other() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(variables_read())


def test_readme_lists_every_policy_setting() -> None:
    fields = {field.name for field in Policy._meta.local_fields} - {"id", "name", "source"}
    section = (ROOT / "README.md").read_text().partition("## Policy settings")[2].partition("\n## ")[0]
    assert fields == set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/deployment.md"])
def test_links_between_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text()
    targets = {link.partition("#")[0] for link in re.findall(r"(?<!!)\[[^]]*\]\(([^)]+)\)", text) if "://" not in link}
    missing = [target for target in targets if target and not (ROOT / page).parent.joinpath(target).exists()]
    assert missing == []
