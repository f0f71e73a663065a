"""Shipped categories about machines: printing, computers, networks, kiosks."""

from django.utils.translation import gettext_noop as _

from troubleshooting.categories.row import IT_PROMISE, URGENT_PROMISE, Row
from troubleshooting.models.category import Kind, TallyGroup, Tier

DESK, IT = Tier.DESK, Tier.IT
TECH = Kind.TECH_HELP
PRINT, PC, WIFI = TallyGroup.PRINTING, TallyGroup.COMPUTER, TallyGroup.WIFI

# fmt: off
MACHINES: tuple[Row, ...] = (
    Row(
        "printing", _("Printing: nothing came out"), DESK, TECH, PRINT, 1,
        policy=_("We show how to print; we do not open private papers for someone."),
    ),
    Row(
        "paper_jam", _("Paper, toner or a jam"), DESK, TECH, PRINT, 2,
        policy=_("The same jam a third time or no toner left goes to IT."),
    ),
    Row(
        "printer_fault", _("Printer broken: streaks, service light, jams again"), IT, TECH, PRINT, 2,
        policy=_("We clear paper; we do not take a printer apart."), hardware=True, promise=IT_PROMISE,
    ),
    Row(
        "print_payment", _("Money, coins or the print account"), DESK, TECH, PRINT, 1,
        policy=_("We do not handle bank cards or card numbers for anyone."),
    ),
    Row(
        "mobile_printing", _("Print from a phone or laptop"), DESK, TECH, PRINT, 1,
        policy=_("We do not sign in to a patron's mail. They send the file."),
    ),
    Row(
        "scanning", _("Scan, copy or fax"), DESK, TECH, PRINT, 3,
        policy=_("The patron types the address and looks at the papers."),
    ),
    Row(
        "storage", _("Flash drive, files and saving"), DESK, TECH, PC, 2,
        policy=_("We do not repair sticks or recover lost data."),
    ),
    Row(
        "pc_performance", _("Computer slow or frozen"), DESK, TECH, PC, 2,
        policy=_("A second freeze in a day goes to IT."),
    ),
    Row(
        "pc_power", _("No power, crash or strange noise"), IT, TECH, PC, 2,
        policy=_("Smell, spark or liquid: unplug it, let nobody sit there, choose Danger."),
        hardware=True, promise=IT_PROMISE,
    ),
    Row(
        "danger", _("Danger: smell, sparks or liquid"), IT, TECH, PC, 2,
        policy=_("Nobody touches the machine until IT or facilities has seen it."),
        hardware=True, promise=URGENT_PROMISE,
    ),
    Row(
        "display", _("Screen: no picture, cracked, wrong way round"), DESK, TECH, PC, 2,
        hardware=True,
    ),
    Row(
        "input_device", _("Mouse or keyboard"), DESK, TECH, PC, 2,
        hardware=True,
    ),
    Row("audio", _("Sound and headphones"), DESK, TECH, PC, 1),
    Row(
        "mobile_video", _("Camera, microphone, video call"), DESK, TECH, PC, 2,
        policy=_("We help to connect and then leave: the call is private."),
    ),
    Row(
        "accessibility", _("Easy access tools and settings"), DESK, TECH, PC, 2,
        policy=_("We ask nobody for proof of a disability."),
    ),
    Row("cleanliness_damage", _("Dirt or damage at a seat"), DESK, TECH, PC, 1, hardware=True),
    Row(
        "software_error", _("A program closes or shows an error"), IT, TECH, PC, 2,
        policy=_("We change settings only for library use."), promise=IT_PROMISE,
    ),
    Row(
        "software_missing", _("Program missing or administrator password asked"), IT, TECH, PC, 2,
        policy=_("Only IT installs programs. We do not install from a patron's stick."),
        promise=IT_PROMISE,
    ),
    Row(
        "browser_site", _("A website does not work"), IT, TECH, PC, 2,
        policy=_("We do not click through a security warning for someone."), promise=IT_PROMISE,
    ),
    Row(
        "filtering", _("Page blocked by the filter"), DESK, Kind.DIRECTIONAL, PC, 1,
        policy=_("For adults we unblock without asking what for. For minors the rule of the branch holds."),
    ),
    Row(
        "wifi", _("Wi-Fi on an own device"), DESK, TECH, WIFI, 1,
        policy=_("The device stays in the patron's hands. We guide, they tap."),
    ),
    Row(
        "network_outage", _("Internet down or slow on many computers"), IT, TECH, WIFI, 2,
        promise=URGENT_PROMISE,
    ),
    Row(
        "library_system", _("Library system does not answer"), IT, TECH, PC, 2,
        policy=_("We do not write card numbers on paper to check them later."), promise=URGENT_PROMISE,
    ),
    Row(
        "kiosk_fault", _("Sign-up kiosk does not work"), IT, TECH, PC, 2,
        hardware=True, promise=URGENT_PROMISE,
    ),
    Row(
        "privacy_incident", _("Someone else's data on the screen"), IT, TECH, PC, 2,
        policy=_("We do not read it and do not write down whose it was."),
        hardware=True, promise=URGENT_PROMISE,
    ),
)
# fmt: on
