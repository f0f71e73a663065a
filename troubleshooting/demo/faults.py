"""Faults at IT as data: open ones of all branches, and some that were fixed this week."""

from dataclasses import dataclass

OPENING_DAY = 480  # minutes that most branches are open a day


@dataclass(frozen=True)
class Fault:
    """A fault logged so many opening minutes ago and escalated to IT soon after.

    `fixed_after` are the opening minutes until IT had it done; 0 while it is open.
    """

    branch: str
    device: str
    category: str
    text: str
    ago: int
    tried: str = ""
    claimed: bool = False
    others_too: bool = False
    fixed_after: int = 0
    answer: str = ""


FAULTS: tuple[Fault, ...] = (
    Fault(
        "millbrook",
        "5",
        "display",
        "The screen is cracked",
        5 * OPENING_DAY,
        "Put the seat out of booking, took the loose glass away.",
        fixed_after=700,
        answer="New screen from the spare shelf.",
    ),
    Fault(
        "harbour",
        "9",
        "pc_power",
        "It's making a loud grinding noise",
        4 * OPENING_DAY,
        "Switched off.",
        fixed_after=420,
        answer="New fan.",
    ),
    Fault(
        "harbour",
        "4",
        "security_scam",
        "A pop-up says this computer is infected",
        5 * OPENING_DAY,
        "Closed the browser, restarted.",
        fixed_after=95,
        answer="It was a web page, the computer is clean. Page reported to the filter.",
    ),
    Fault(
        "ridgeview",
        "14",
        "pc_power",
        "Blue screen with a sad face on number 14",
        3 * OPENING_DAY,
        "Restarted twice, same picture.",
    ),
    Fault(
        "cedar-flats",
        "Printer 1",
        "printer_fault",
        "Everything prints with a black stripe down the page",
        4 * OPENING_DAY,
        "Cleaned the glass, printed a test page.",
        fixed_after=520,
        answer="New drum.",
    ),
    Fault(
        "ridgeview",
        "6",
        "software_error",
        "Every time I open Chrome it closes",
        2 * OPENING_DAY,
        "Restarted. Another browser works.",
        fixed_after=240,
        answer="Profile made anew on this computer.",
    ),
    Fault(
        "harbour",
        "Printer 2",
        "printer_fault",
        "It jams every single time, we've cleared it three times",
        OPENING_DAY,
        "Sign put up, people go to printer 1.",
    ),
    Fault(
        "ridgeview",
        "3",
        "input_device",
        "mouse pointer doesn't move, I unplugged it and plugged it back",
        OPENING_DAY,
        "No spare mouse here.",
    ),
    Fault(
        "glacier-road",
        "Wi-Fi",
        "network_outage",
        "The internet is so slow on all of them today",
        400,
        "Box switched off and on.",
        others_too=True,
    ),
    Fault(
        "ridgeview",
        "2",
        "software_missing",
        "It wants an administrator password to open my program",
        430,
        claimed=True,
    ),
    Fault(
        "cedar-flats",
        "2",
        "browser_site",
        "The clock on the computer is wrong and my bank site says not secure",
        180,
    ),
    Fault(
        "harbour",
        "12",
        "accessibility",
        "The screen reader on the accessible computer doesn't talk anymore",
        130,
        "Other headphones tried, volume is up.",
    ),
    Fault("millbrook", "Print desk", "print_payment", "The coin box ate my money and is beeping", 75, "Refund form."),
    Fault("cedar-flats", "Kiosk", "kiosk_fault", "The sign-up kiosk touch screen doesn't respond", 35, "Off and on."),
)

# Logged while the rooms are as present.py of reservations left them: people are moved or, at the only seat of its kind,
# lose their booking, and the desk has them to tell.
FRESH: tuple[Fault, ...] = (
    Fault(
        "cedar-flats",
        "9",
        "input_device",
        "The big keyboard does not type any more",
        25,
        "Another socket, still nothing.",
    ),
    Fault(
        "millbrook",
        "6",
        "danger",
        "There's a burning smell coming from the computer by the window",
        20,
        "Unplugged at the wall.",
    ),
    Fault(
        "harbour",
        "8",
        "display",
        "There are lines all across the screen",
        30,
        "Cable swapped, another screen works here.",
    ),
)
