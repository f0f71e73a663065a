#!/usr/bin/env python
"""Django's command line; brings the embedded engines up when no URLs are set."""

import os
import sys

from helpdesk import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    try:
        with embedded.engines_for(sys.argv):
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except embedded.EngineError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
