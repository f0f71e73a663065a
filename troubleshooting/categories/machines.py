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
        (
            _("Is the job waiting at the print desk?"),
            _("Right print account, money on it?"),
            _("Right printer chosen, paper in it?"),
            _("Older than two hours? Print again."),
        ),
        policy=_("We show how to print; we do not open private papers for someone."),
    ),
    Row(
        "paper_jam", _("Paper, toner or a jam"), DESK, TECH, PRINT, 2,
        (_("Add paper, open tray B."), _("Clear the jam from front to back."), _("Print a test page.")),
        policy=_("The same jam a third time or no toner left goes to IT."),
    ),
    Row(
        "printer_fault", _("Printer broken: streaks, service light, jams again"), IT, TECH, PRINT, 2,
        (_("Put up the sign, send people to the other printer."), _("Note what the display says.")),
        policy=_("We clear paper; we do not take a printer apart."), hardware=True, promise=IT_PROMISE,
    ),
    Row(
        "print_payment", _("Money, coins or the print account"), DESK, TECH, PRINT, 1,
        (
            _("Refund form."), _("Move the balance to the right card."),
            _("A stuck coin box goes to IT."),
        ),
        policy=_("We do not handle bank cards or card numbers for anyone."),
    ),
    Row(
        "mobile_printing", _("Print from a phone or laptop"), DESK, TECH, PRINT, 1,
        (
            _("Show the code or the print address."), _("Send as PDF."),
            _("Name the job so that it can be found."),
        ),
        policy=_("We do not sign in to a patron's mail. They send the file."),
    ),
    Row(
        "scanning", _("Scan, copy or fax"), DESK, TECH, PRINT, 3,
        (
            _("Face and direction as drawn on the tray."), _("Choose PDF."),
            _("Send to own mail or own stick."),
        ),
        policy=_("The patron types the address and looks at the papers."),
    ),
    Row(
        "storage", _("Flash drive, files and saving"), DESK, TECH, PC, 2,
        (
            _("Try another port."), _("Try another computer."), _("Open it in the file window."),
            _("Search by date."),
        ),
        policy=_("We do not repair sticks or recover lost data."),
    ),
    Row(
        "pc_performance", _("Computer slow or frozen"), DESK, TECH, PC, 2,
        (
            _("Wait one minute."), _("Close the program that hangs."),
            _("Say that unsaved work will be lost, then restart."),
            _("Move them to another seat, give the time back."),
        ),
        policy=_("A second freeze in a day goes to IT."),
    ),
    Row(
        "pc_power", _("No power, crash or strange noise"), IT, TECH, PC, 2,
        (
            _("Cables at both ends, power bar on?"), _("Hold the button for ten seconds."),
            _("Move them to another seat."),
        ),
        policy=_("Smell, spark or liquid: unplug it, let nobody sit there, choose Danger."),
        hardware=True, promise=IT_PROMISE,
    ),
    Row(
        "danger", _("Danger: smell, sparks or liquid"), IT, TECH, PC, 2,
        (_("Unplug at the wall."), _("Keep people away."), _("Call facilities.")),
        policy=_("Nobody touches the machine until IT or facilities has seen it."),
        hardware=True, promise=URGENT_PROMISE,
    ),
    Row(
        "display", _("Screen: no picture, cracked, wrong way round"), DESK, TECH, PC, 2,
        (
            _("Is the monitor on, right input?"), _("Cable tight at both ends?"),
            _("Ctrl Alt Arrow turns the picture."), _("Ctrl 0 sets the size back."),
        ),
        hardware=True,
    ),
    Row(
        "input_device", _("Mouse or keyboard"), DESK, TECH, PC, 2,
        (
            _("Unplug and plug in again."), _("Caps Lock, Num Lock, sticky keys off?"),
            _("Right keyboard language? Windows key and Space."), _("Swap with a spare."),
        ),
        hardware=True,
    ),
    Row(
        "audio", _("Sound and headphones"), DESK, TECH, PC, 1,
        (_("Volume up, not muted?"), _("Right output chosen?"), _("Try other headphones.")),
    ),
    Row(
        "mobile_video", _("Camera, microphone, video call"), DESK, TECH, PC, 2,
        (
            _("Camera cover open?"), _("Allow camera and microphone in the browser."),
            _("Close other programs."),
        ),
        policy=_("We help to connect and then leave: the call is private."),
    ),
    Row(
        "accessibility", _("Easy access tools and settings"), DESK, TECH, PC, 2,
        (
            _("Start the screen reader with its key."), _("Volume and headphones."),
            _("Offer the other easy access seat."), _("More time is given without asking why."),
        ),
        policy=_("We ask nobody for proof of a disability."),
    ),
    Row(
        "cleanliness_damage", _("Dirt or damage at a seat"), DESK, TECH, PC, 1,
        (_("Clean or swap it."), _("Put the seat out of booking if it cannot be used.")), hardware=True,
    ),
    Row(
        "software_error", _("A program closes or shows an error"), IT, TECH, PC, 2,
        (_("Close it, open it again."), _("Restart the computer."), _("Try another program or seat.")),
        policy=_("We change settings only for library use."), promise=IT_PROMISE,
    ),
    Row(
        "software_missing", _("Program missing or administrator password asked"), IT, TECH, PC, 2,
        (
            _("Is there a program that does the same?"), _("Has another kind of seat got it?"),
            _("A version on the web?"),
        ),
        policy=_("Only IT installs programs. We do not install from a patron's stick."),
        promise=IT_PROMISE,
    ),
    Row(
        "browser_site", _("A website does not work"), IT, TECH, PC, 2,
        (
            _("Try it in another browser."), _("Private window."),
            _("Is the clock of the computer right?"),
        ),
        policy=_("We do not click through a security warning for someone."), promise=IT_PROMISE,
    ),
    Row(
        "filtering", _("Page blocked by the filter"), DESK, Kind.DIRECTIONAL, PC, 1,
        (
            _("Adult? Unblock for this session."), _("Minor? Look at the page away from the screen."),
            _("Note the category shown."),
        ),
        policy=_("For adults we unblock without asking what for. For minors the rule of the branch holds."),
    ),
    Row(
        "wifi", _("Wi-Fi on an own device"), DESK, TECH, WIFI, 1,
        (
            _("Forget the network, join again."), _("Open a plain page to get the sign-in page."),
            _("Turn off VPN and private DNS."),
        ),
        policy=_("The device stays in the patron's hands. We guide, they tap."),
    ),
    Row(
        "network_outage", _("Internet down or slow on many computers"), IT, TECH, WIFI, 2,
        (
            _("All computers, or one corner?"), _("Another branch too?"),
            _("One report is enough: tell people it is known."),
        ),
        promise=URGENT_PROMISE,
    ),
    Row(
        "library_system", _("Library system does not answer"), IT, TECH, PC, 2,
        (
            _("Is it up? Ask whoever runs it."), _("Run manage.py sip2_check: it says which step fails."),
            _("Tell the desks: guest passes work."),
        ),
        policy=_("We do not write card numbers on paper to check them later."), promise=URGENT_PROMISE,
    ),
    Row(
        "kiosk_fault", _("Sign-up kiosk does not work"), IT, TECH, PC, 2,
        (
            _("Book people from the desk."), _("Switch it off and on."),
            _("Type the card number instead of scanning."),
        ),
        hardware=True, promise=URGENT_PROMISE,
    ),
    Row(
        "privacy_incident", _("Someone else's data on the screen"), IT, TECH, PC, 2,
        (
            _("End the session."), _("Restart the computer."),
            _("Is it clean now? If not, let nobody sit there."),
        ),
        policy=_("We do not read it and do not write down whose it was."),
        hardware=True, promise=URGENT_PROMISE,
    ),
)
# fmt: on
