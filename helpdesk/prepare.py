"""Brings the database to what the code expects: migrations, and the demo library where it is asked for."""

import io
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command, get_commands
from django.db import OperationalError


def main(sign_ins: Path) -> None:
    """Migrate, fill an empty database of a demo, and leave the demo's sign-ins in the file `sign_ins`."""
    django.setup()
    call_command("migrate", interactive=False)
    sign_ins.unlink(missing_ok=True)
    if settings.DEMO and "demo" in get_commands():
        call_command("demo", "--if-empty")
        said = io.StringIO()
        call_command("demo", "--sign-ins", stdout=said)
        sign_ins.write_text(said.getvalue())
    if "sweep" in get_commands():
        call_command("sweep", stdout=io.StringIO())  # a first start, or one after a night off, begins up to date


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except (ImproperlyConfigured, CommandError) as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(f"The database does not answer: {str(error).strip()}")
