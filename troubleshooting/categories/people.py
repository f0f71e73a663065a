"""Shipped categories about people: places, rules, accounts, and what a librarian finds."""

from django.utils.translation import gettext_noop as _

from troubleshooting.categories.row import RESEARCH_PROMISE, SEAT_PROMISE, Row
from troubleshooting.models.category import Kind, TallyGroup, Tier

SELF, DESK, REF = Tier.SELF_HELP, Tier.DESK, Tier.REFERENCE
WAY, TECH, INFO = Kind.DIRECTIONAL, Kind.TECH_HELP, Kind.REFERENCE
WHERE, PC, ACCOUNT, LIBRARIAN = (
    TallyGroup.DIRECTIONS,
    TallyGroup.COMPUTER,
    TallyGroup.ACCOUNT,
    TallyGroup.REFERENCE,
)

NO_ADVICE = _("We find sources and explain words. We give no legal, medical, tax or immigration advice.")
NO_TYPING = _("The patron types. We do not enter data, keep passwords or fill in legal forms.")
NO_HANDS = _("The device stays in the patron's hands. No repairs, resets, backups or virus scans.")

# fmt: off
PEOPLE: tuple[Row, ...] = (
    Row("directional", _("Where is it?"), SELF, WAY, WHERE, 1),
    Row("hours_services", _("Hours and services"), SELF, WAY, WHERE, 1),
    Row(
        "policy_conduct", _("Rules of the room"), DESK, WAY, WHERE, 1,
        policy=_("Parents get no special look at what a child does on a computer."),
    ),
    Row("reservation", _("Booking a computer"), DESK, WAY, PC, 1),
    Row("time_limits", _("More time"), DESK, WAY, PC, 1),
    Row(
        "guest_pass", _("Guest pass"), DESK, WAY, ACCOUNT, 1,
        policy=_("We look at an ID where the rules ask for it; we do not write it down."),
    ),
    Row(
        "library_account", _("Library card, PIN, sign-in"), DESK, TECH, ACCOUNT, 1,
        policy=_("The patron types the new PIN. We never say a card number aloud."),
    ),
    Row(
        "email_account", _("E-mail account or a lost code"), REF, TECH, ACCOUNT, 3,
        policy=_("We never keep or type passwords. There is no way around a lost second step."),
        promise=SEAT_PROMISE,
    ),
    Row(
        "privacy", _("Privacy on our computers"), DESK, TECH, PC, 1,
        policy=_("We do not keep what people did on a computer."),
    ),
    Row(
        "security_scam", _("Scam, virus warning, strange call"), REF, TECH, PC, 2,
        policy=_("Own device: we guide only. Our computer: tell IT."), promise=SEAT_PROMISE,
    ),
    Row(
        "patron_device", _("Own phone, tablet or laptop"), REF, TECH, PC, 2,
        policy=NO_HANDS, promise=SEAT_PROMISE,
    ),
    Row(
        "ebooks_apps", _("E-books and library apps"), REF, TECH, LIBRARIAN, 3,
        policy=NO_HANDS, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "instruction", _("Learn to use a computer or program"), REF, TECH, PC, 3,
        policy=_("We teach for a few minutes; longer goes into a one-to-one."), promise=SEAT_PROMISE,
    ),
    Row(
        "office_docs", _("Letters, tables, formatting"), REF, TECH, PC, 3,
        policy=_("We show how; the words and numbers are the patron's."), promise=SEAT_PROMISE,
    ),
    Row("pdf", _("PDF files"), DESK, TECH, PC, 2),
    Row(
        "online_forms", _("Form on the web"), REF, INFO, LIBRARIAN, 3,
        policy=NO_TYPING, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "government_legal", _("Benefits, courts, immigration, housing"), REF, INFO, LIBRARIAN, 3,
        policy=NO_ADVICE, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "health_tax_info", _("Health and tax information"), REF, INFO, LIBRARIAN, 4,
        policy=NO_ADVICE, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "job_resume", _("Jobs and résumés"), REF, INFO, LIBRARIAN, 3,
        policy=NO_TYPING, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "language", _("Other languages and translation"), REF, INFO, LIBRARIAN, 3,
        policy=_("A translation tool is no sworn translation."), reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "catalog_search", _("Find a book or film"), REF, INFO, LIBRARIAN, 2,
        reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "research", _("Research and local history"), REF, INFO, LIBRARIAN, 4,
        policy=_("We find and weigh sources; the conclusion is the patron's."),
        reference=True, promise=RESEARCH_PROMISE,
    ),
    Row("phone", _("Short question by phone"), DESK, WAY, TallyGroup.PHONE, 1),
    Row("other", _("Something else"), DESK, TECH, TallyGroup.OTHER, None,),
)
# fmt: on
