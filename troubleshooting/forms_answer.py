"""Forms that finish, pass on or send back a question; lengths and choices are judged by the verbs."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.models import User
from troubleshooting.fields import WordsField
from troubleshooting.forms import CATEGORY_UNKNOWN, PLACE_UNKNOWN, SHOWN_ONLY
from troubleshooting.forms_together import NO_NAMES, keeper_field
from troubleshooting.meanwhile import VersionForm
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


class KeptForm(VersionForm):
    """What every hand-over carries; with `keepers` it also asks who keeps a question that stops moving with this."""

    def __init__(self, *args: Any, keepers: Sequence[User] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if keepers:
            self.fields["keeper"] = keeper_field(keepers)


class AnswerForm(KeptForm):
    """The record of a reference question; also carries the note when it is sent to IT."""

    guarded = ("answer", "referred_to")
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
    referred_to = WordsField(
        label=_("To whom"),
        required=False,
        help_text=_("An office, a branch, a service: no person's name."),
        widget=forms.TextInput({"autocomplete": "off"}),
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


class FixedForm(KeptForm):
    """A fault that was fixed, with what helped; the same words are the reason when it is sent back."""

    guarded = ("answer",)
    answer = _words(_("What helped, or why it goes back"), rows=3)


class ReopenForm(VersionForm):
    """Why a question is opened again."""

    guarded = ("answer",)
    answer = _words(_("What is still wrong"))


def broken(categories: Iterable[Category]) -> list[Category]:
    """Return of `categories` what can be broken: those of machines, in their order."""
    return [category for category in categories if category.hardware or category.tier == Tier.IT]
