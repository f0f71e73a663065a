"""manage.py carry_out and carry_in: the same file and the same refusals at the command line."""

import pytest
from django.core.management import CommandError, call_command

from helpdesk import registry
from helpdesk.carry.out import carry_out
from reservations.models import Branch
from tests.helpdesk.carry.carried import empty, put, small_set_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path):
    """A file of a small set-up, in a system that is empty again."""
    small_set_up()
    path = tmp_path / "set-up.zip"
    call_command("carry_out", str(path))
    empty()
    return path


def test_out_and_in_again_is_the_same(path, capsys):
    call_command("carry_in", str(path))
    assert f"rows in {len(registry.sheets())} sheets are here." in capsys.readouterr().out
    assert carry_out() == path.read_bytes()


def test_a_dry_run_saves_nothing_and_says_so(path, capsys):
    call_command("carry_in", str(path), "--dry-run")
    said = capsys.readouterr().out
    assert "nothing was saved" in said
    assert "opening_hours.csv" in said
    assert not Branch.objects.exists()


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_refused_line_ends_the_command_with_an_error(path, capsys, options):
    path.write_bytes(put(path.read_bytes(), "kiosks.csv", 2, "beside", "Cellar"))
    with pytest.raises(CommandError, match="1 line is refused"):
        call_command("carry_in", str(path), *options)
    assert "kiosks.csv, line 2, beside: areas.csv has no" in capsys.readouterr().out


def test_a_system_in_use_is_refused(path):
    small_set_up()
    with pytest.raises(CommandError, match="Branches: 1"):
        call_command("carry_in", str(path))


@pytest.mark.parametrize(("command", "word"), [("carry_in", "read"), ("carry_out", "written")])
def test_a_file_that_is_not_there_is_a_sentence(tmp_path, command, word):
    with pytest.raises(CommandError, match=f"cannot be {word}: No such file"):
        call_command(command, str(tmp_path / "none" / "set-up.zip"))
