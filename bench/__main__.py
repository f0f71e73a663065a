"""`python -m bench [--quick] [NAME ...]`: runs the measures on engines of their own."""

import argparse

import django
from django.core.management import call_command

from bench.stand import choose_folder

choose_folder()
django.setup()

from bench import blocks, cards, promise, questions, race, reads, reseat, sip2, triage  # noqa: E402  (models exist only after setup)
from helpdesk import embedded  # noqa: E402

MEASURES = {
    "reads": reads.run,
    "race": race.run,
    "promise": promise.run,
    "reseat": reseat.run,
    "blocks": blocks.run,
    "sip2": sip2.run,
    "cards": cards.run,
    "triage": triage.run,
    "questions": questions.run,
}


def main() -> None:
    """Run the named measures, all of them without a name."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], metavar="NAME", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="fewer rounds, shorter runs")
    chosen = parser.parse_args()
    with embedded.engines():
        call_command("migrate", interactive=False, verbosity=0)
        for name in chosen.names or MEASURES:
            MEASURES[name](quick=chosen.quick)


if __name__ == "__main__":
    main()
