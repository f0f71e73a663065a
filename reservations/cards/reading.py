"""A file of cards: the columns it may have, and what is said where it has none."""

from django.utils.translation import gettext_lazy as _

from reservations.rules.problem import Problem
from reservations.table_file import Shape, TableFile

EMPTY = Problem("file_empty", _("The file is empty. Choose the file with the cards."), _("File"), lift_by="")
NO_COLUMNS = Problem(
    "file_columns",
    _(
        "The first line must name the columns, and one of them must be: number."
        " The others are pin, age_band, birth_date, expires_on and action."
    ),
    _("Columns"),
    lift_by="",
)


class CardFile(TableFile):
    """An open file of cards. Raises Refused `file_empty`, `file_columns`, `file_column_twice`."""

    shape = Shape(
        ("number", "pin", "age_band", "birth_date", "expires_on", "action"), frozenset({"number"}), EMPTY, NO_COLUMNS
    )
