"""No model and no column is forgotten: each is carried, or stands here with the reason why it is no set-up."""

from typing import Any

import pytest
from django.apps import apps

from helpdesk import registry
from helpdesk.carry.cells import codec

# Models of which no row is carried.
NOT_SET_UP = {
    "helpdesk.User": "accounts and passwords are people's; a manager adds them where they work",
    "reservations.StaffPost": "it ties an account to a branch, and accounts stay",
    "reservations.Patron": "a person",
    "reservations.PatronKey": "a person",
    "reservations.PatronDay": "what a person used",
    "reservations.PatronLookup": "who asked for whom",
    "reservations.Card": "a person's card; cards have an import of their own",
    "reservations.CardBlock": "a person's",
    "reservations.CardImport": "cards on their way in",
    "reservations.CardImportRow": "cards on their way in",
    "reservations.GuestPass": "handed to a person",
    "reservations.SignInTry": "counted for ten minutes",
    "reservations.KeyFingerprint": "the mark of this system's own secret",
    "reservations.SourceState": "whether the library system answers now; its settings are in the environment",
    "reservations.Booking": "the timeline",
    "reservations.BookingEvent": "the timeline's story",
    "reservations.Block": "a class takes seats on the timeline; it is planned where they are",
    "reservations.Call": "whom to tell about the timeline",
    "reservations.Turn": "people in line",
    "reservations.TurnEvent": "the line's story",
    "reservations.BranchPace": "learned from the timeline",
    "reservations.EarlyClosing": "what one day's change took from people; the day's hours are carried",
    "reservations.HoursChange": "what the hours of one day took from people; the hours are carried",
    "reservations.TrustSeat": "counted for an hour while the library system is away",
    "troubleshooting.Shift": "it ties an account to a branch, and accounts stay",
    "troubleshooting.Absence": "when a member of staff is away",
    "troubleshooting.Appointment": "the time of a librarian and of whoever comes",
    "troubleshooting.Ticket": "a question",
    "troubleshooting.TicketEvent": "a question's story",
    "troubleshooting.Handoff": "a question's way",
    "troubleshooting.Promise": "what was promised of a question",
    "troubleshooting.Notification": "a message about a question",
    "troubleshooting.HelpAddress": "which sticker is the present one; this system alone signs its addresses",
    "troubleshooting.SavedView": "what a member of staff keeps for themselves",
    "troubleshooting.SearchWord": "learned from questions",
    "troubleshooting.TriageModel": "learned from questions",
    "troubleshooting.GuideAnswer": "what was answered on a question",
    "troubleshooting.SweepMark": "when the outbox was last looked through",
}
# Columns of carried models that stay at home.
LEFT_OUT = {
    "reservations.Branch.numbers_on": "the day of the last number drawn",
    "reservations.Branch.numbers_drawn": "how many were drawn that day",
    "reservations.Kiosk.token_hash": "a secret: a screen is paired again",
    "reservations.Kiosk.paired_at": "the pairing",
    "reservations.Kiosk.paired_by": "the pairing",
    "reservations.Kiosk.revoked_at": "the pairing",
    "troubleshooting.GuideVersion.made_at": "a guide that comes in is in use from that moment",
    "troubleshooting.GuideVersion.published_at": "a guide that comes in is in use from that moment",
    "troubleshooting.GuideVersion.is_live": "only what is in use is carried",
    "troubleshooting.GuideVersion.by_kind": "who published it there",
    "troubleshooting.GuideVersion.by_user": "who published it there",
    "troubleshooting.GuideVersion.by_kiosk": "who published it there",
    "troubleshooting.GuideStep.changes": "how often a draft was saved",
}
MODELS = [
    model
    for name in ("helpdesk", "reservations", "troubleshooting")
    for model in apps.get_app_config(name).get_models()
]
SHEETS = {sheet.model: sheet for sheet in registry.sheets()}


def columns(model: Any) -> set[str]:
    own = (field for field in model._meta.get_fields() if field.concrete and not field.auto_created)
    return {field.name for field in own}


def test_every_model_is_carried_or_has_a_reason_not_to_be():
    carried = {model._meta.label for model in SHEETS}
    assert {model._meta.label for model in MODELS} - carried == set(NOT_SET_UP)
    assert not carried & set(NOT_SET_UP)


def test_every_column_of_a_carried_model_is_carried_or_has_a_reason_not_to_be():
    forgotten = {
        f"{model._meta.label}.{name}" for model, sheet in SHEETS.items() for name in columns(model) - set(sheet.columns)
    }
    assert forgotten == set(LEFT_OUT)


@pytest.mark.parametrize("sheet", registry.sheets(), ids=lambda sheet: sheet.key)
def test_every_column_has_a_way_to_stand_in_a_cell(sheet):
    earlier = {each.key: each for each in registry.sheets()[: registry.sheets().index(sheet)]}
    for name in sheet.columns:
        ref = sheet.refers.get(name)
        if ref is None:
            assert codec(sheet, name)
        else:
            assert len(earlier[ref.sheet].key_columns) == len(ref.by)
            assert earlier[ref.sheet].model == sheet.column(name).related_model
            assert ref.by[-1] == name
