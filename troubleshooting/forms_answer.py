"""Forms that finish, pass on or send back a question; lengths and choices are judged by the verbs."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troubleshooting.fields import VersionField, WordsField
from troubleshooting.forms import CATEGORY_UNKNOWN, PLACE_UNKNOWN, SHOWN_ONLY
from troubleshooting.models import Category
from troubleshooting.models.category import Tier
from troubleshooting.models.ticket import Duration, Outcome

# Own short wording of the six READ levels (library-practice.md section 2.1).
READ_LEVELS = (
    (1, _("Known by heart: where, when, how to print. Under 5 minutes")),
    (2, _("A little looking up or a small machine trouble")),
    (3, _("A known source, some showing how")),
    (4, _("Several sources, careful search, more teaching")),
    (5, _("Deep question, a specialist or an appointment")),
    (6, _("Research over days, several people")),
)
ENDS = (Outcome.ANSWERED, Outcome.REFERRED, Outcome.DECLINED, Outcome.NO_ANSWER)
SHOWN = {"invalid_choice": SHOWN_ONLY}
NO_NAMES = _("No names or card numbers. Kept 90 days.")


class LevelRadios(forms.RadioSelect):
    """Six numbers to tap; what each means stands in its title."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        meaning = dict(READ_LEVELS).get(int(option["value"])) if str(option["value"]).isdigit() else None
        if meaning:
            option["attrs"]["title"] = meaning
        return option


def _words(label: Any, rows: int = 2) -> WordsField:
    """A text without a limit of its own: the verb refuses a long one and the words stay in the form."""
    return WordsField(label=label, required=False, help_text=NO_NAMES, widget=forms.Textarea({"rows": rows}))


class VersionForm(forms.Form):
    """What every move carries: the version of the question that the page showed."""

    version = VersionField(required=False)


class AnswerForm(VersionForm):
    """The record of a reference question; also carries the note when it is sent to IT."""

    duration = forms.ChoiceField(
        label=_("How long (minutes)"),
        choices=Duration.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages=SHOWN,
    )
    read_level = forms.TypedChoiceField(
        label=_("Effort (READ 1 to 6)"),
        choices=[(level, str(level)) for level, _meaning in READ_LEVELS],
        coerce=int,
        empty_value=None,
        required=False,
        widget=LevelRadios,
        error_messages=SHOWN,
    )
    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=[(end.value, end.label) for end in ENDS],
        required=False,
        widget=forms.RadioSelect,
        error_messages=SHOWN,
    )
    counts = forms.TypedChoiceField(
        label=_("Counts as a reference transaction"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages=SHOWN,
        help_text=_("Yes, if it was about finding or using information, a website too."),
    )
    answer = _words(_("What helped"))
    category = forms.ChoiceField(
        label=_("For IT: what is broken"), required=False, error_messages={"invalid_choice": CATEGORY_UNKNOWN}
    )
    device = forms.TypedChoiceField(
        label=_("For IT: which machine"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": PLACE_UNKNOWN},
    )

    def __init__(self, *args: Any, categories: list[Category], devices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(c.code, c.label) for c in categories]
        self.fields["category"].choices = [("", _("As it is")), *chosen]  # type: ignore[attr-defined]
        self.fields["device"].choices = [("", _("As it is")), *devices]  # type: ignore[attr-defined]


class FixedForm(VersionForm):
    """A fault that was fixed, with what helped; the same words are the reason when it is sent back."""

    answer = _words(_("What helped, or why it goes back"), rows=3)


class ReopenForm(VersionForm):
    """Why a question is opened again."""

    answer = _words(_("What is still wrong"))


def broken_categories() -> list[Category]:
    """Return what can be broken: categories of machines, in their order; one query."""
    return list(Category.objects.offered().filter(Q(hardware=True) | Q(tier=Tier.IT)))
