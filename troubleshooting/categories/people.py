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
    Row(
        "directional", _("Where is it?"), SELF, WAY, WHERE, 1,
        (_("Point to the sign, walk along if it is far."),),
    ),
    Row(
        "hours_services", _("Hours and services"), SELF, WAY, WHERE, 1,
        (_("Opening hours sheet."), _("What we lend list.")),
    ),
    Row(
        "policy_conduct", _("Rules of the room"), DESK, WAY, WHERE, 1,
        (_("Say the rule and why."), _("Offer what does work.")),
        policy=_("Parents get no special look at what a child does on a computer."),
    ),
    Row(
        "reservation", _("Booking a computer"), DESK, WAY, PC, 1,
        (
            _("Look the booking up by its number."), _("Offer the next free seat."),
            _("Free a seat that nobody uses."),
        ),
    ),
    Row(
        "time_limits", _("More time"), DESK, WAY, PC, 1,
        (
            _("Does anybody wait for this kind of seat?"), _("Extend where the rules allow."),
            _("Offer a later booking."),
        ),
    ),
    Row(
        "guest_pass", _("Guest pass"), DESK, WAY, ACCOUNT, 1,
        (_("Issue a pass for today."), _("Tell how long it is good for.")),
        policy=_("We look at an ID where the rules ask for it; we do not write it down."),
    ),
    Row(
        "library_account", _("Library card, PIN, sign-in"), DESK, TECH, ACCOUNT, 1,
        (_("Check the card in the library system."), _("Set a new PIN."), _("Guest pass for today.")),
        policy=_("The patron types the new PIN. We never say a card number aloud."),
    ),
    Row(
        "email_account", _("E-mail account or a lost code"), REF, TECH, ACCOUNT, 3,
        (
            _("Recovery page of the provider."), _("Backup codes, old phone, second address?"),
            _("Make a new account together."),
        ),
        policy=_("We never keep or type passwords. There is no way around a lost second step."),
        promise=SEAT_PROMISE,
    ),
    Row(
        "privacy", _("Privacy on our computers"), DESK, TECH, PC, 1,
        (_("Sign out together, or end the session."), _("Files are gone after the session.")),
        policy=_("We do not keep what people did on a computer."),
    ),
    Row(
        "security_scam", _("Scam, virus warning, strange call"), REF, TECH, PC, 2,
        (
            _("Do not call, do not pay."), _("Close the browser."), _("Our computer? Restart it."),
            _("Show where to report it."),
        ),
        policy=_("Own device: we guide only. Our computer: tell IT."), promise=SEAT_PROMISE,
    ),
    Row(
        "patron_device", _("Own phone, tablet or laptop"), REF, TECH, PC, 2,
        (
            _("Find the maker's own steps."), _("Do one step at a time together."),
            _("Offer a one-to-one."),
        ),
        policy=NO_HANDS, promise=SEAT_PROMISE,
    ),
    Row(
        "ebooks_apps", _("E-books and library apps"), REF, TECH, LIBRARIAN, 3,
        (
            _("Find our library in the app."), _("Sign in with card and PIN."),
            _("Borrow one title together."),
        ),
        policy=NO_HANDS, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "instruction", _("Learn to use a computer or program"), REF, TECH, PC, 3,
        (_("One small step now."), _("Class list."), _("Offer a one-to-one.")),
        policy=_("We teach for a few minutes; longer goes into a one-to-one."), promise=SEAT_PROMISE,
    ),
    Row(
        "office_docs", _("Letters, tables, formatting"), REF, TECH, PC, 3,
        (_("Show the menu, they click."), _("Template."), _("Save a copy first.")),
        policy=_("We show how; the words and numbers are the patron's."), promise=SEAT_PROMISE,
    ),
    Row(
        "pdf", _("PDF files"), DESK, TECH, PC, 2,
        (
            _("Save as PDF, or print to PDF."), _("Merge with the PDF tool."),
            _("Open it in the reader, not in the browser."),
        ),
    ),
    Row(
        "online_forms", _("Form on the web"), REF, INFO, LIBRARIAN, 3,
        (
            _("Official site? Check the address together."), _("Explain the fields."),
            _("Look for saved drafts."), _("Save a copy to their stick, page by page."),
        ),
        policy=NO_TYPING, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "government_legal", _("Benefits, courts, immigration, housing"), REF, INFO, LIBRARIAN, 3,
        (
            _("Find the official site."), _("Explain the words."),
            _("List of free legal help and caseworkers."),
        ),
        policy=NO_ADVICE, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "health_tax_info", _("Health and tax information"), REF, INFO, LIBRARIAN, 4,
        (_("Spell it together, use a reliable source."), _("Free tax help and health lines.")),
        policy=NO_ADVICE, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "job_resume", _("Jobs and résumés"), REF, INFO, LIBRARIAN, 3,
        (_("Job sites list."), _("Résumé template."), _("Offer a one-to-one.")),
        policy=NO_TYPING, reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "language", _("Other languages and translation"), REF, INFO, LIBRARIAN, 3,
        (
            _("Switch the screen's language."), _("Translation tool, side by side."),
            _("List of interpreters."),
        ),
        policy=_("A translation tool is no sworn translation."), reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "catalog_search", _("Find a book or film"), REF, INFO, LIBRARIAN, 2,
        (
            _("Search by title and author."), _("Other branch? Place a hold."),
            _("Walk to the shelf together."),
        ),
        reference=True, promise=SEAT_PROMISE,
    ),
    Row(
        "research", _("Research and local history"), REF, INFO, LIBRARIAN, 4,
        (_("What is it for, by when?"), _("Databases by subject."), _("Local history files.")),
        policy=_("We find and weigh sources; the conclusion is the patron's."),
        reference=True, promise=RESEARCH_PROMISE,
    ),
    Row(
        "phone", _("Short question by phone"), DESK, WAY, TallyGroup.PHONE, 1,
        (_("Answer, or offer to call back."),),
    ),
    Row("other", _("Something else"), DESK, TECH, TallyGroup.OTHER, None, (_("Ask what they see on the screen."),)),
)
# fmt: on
