"""What people ask as data: the words of the last week, and the questions that are open now."""

from dataclasses import dataclass

from troubleshooting.models.ticket import Channel

# Words with their category; how far they went and how long they took follows from the category.
ASKED: tuple[tuple[str, str], ...] = (
    ("Do you have headphones I can borrow?", "audio"),
    ("Is there somewhere I can charge my laptop?", "directional"),
    ("Where are the Macs?", "directional"),
    ("Do I need a library card to get online?", "guest_pass"),
    ("Do you lend laptops to use in the building?", "hours_services"),
    ("Can two of us share one computer?", "policy_conduct"),
    ("Where do I pick up what I printed?", "directional"),
    ("Does this computer save my stuff when I log off?", "privacy"),
    ("How far ahead can I reserve a computer?", "reservation"),
    ("I booked a computer but I can't remember which number it was", "reservation"),
    ("Can I get more time? It says 5 minutes left.", "time_limits"),
    ("What's the wifi called and is there a password?", "wifi"),
    ("I need extra time on the computer because of my disability", "accessibility"),
    ("There's gum stuck on the mouse at number 3", "cleanliness_damage"),
    ("The screen flipped upside down", "display"),
    ("I'm over 18 can you take the filter off?", "filtering"),
    ("I'm visiting from out of town and don't have a card, can I use a computer?", "guest_pass"),
    ("I forgot my library card at home, can you look me up?", "library_account"),
    ("I need to join a video appointment with my doctor, is there a quiet spot with a camera?", "mobile_video"),
    ("It's been on the spinning circle for ten minutes", "pc_performance"),
    ("PDF opens in the browser but there's no print button", "pdf"),
    ("Can my son use the adult computers? He's 12 and the kids' ones are full", "policy_conduct"),
    ("I put in a five and it didn't add to my print account", "print_payment"),
    ("I sent something to print and nothing came out", "printing"),
    ("The printer is asking for paper", "paper_jam"),
    ("There's a paper jam in the black and white printer", "paper_jam"),
    ("I forgot to sign out of Facebook on computer 12, can you close it?", "privacy"),
    ("Someone is sitting at the computer I reserved", "reservation"),
    ("Can you show me how to scan this to a PDF and email it?", "scanning"),
    ("How do I get my resume off my email and onto this stick?", "storage"),
    ("I plugged in my USB stick but I can't find my files", "storage"),
    ("wifi says connected but no internet on my phone", "wifi"),
    ("Do you have this book at another branch and can I get it here?", "catalog_search"),
    ("How do I search the catalog for only large print?", "catalog_search"),
    ("How do I get library ebooks onto my Kindle?", "ebooks_apps"),
    ("The library app wants me to pick a library and I can't find yours", "ebooks_apps"),
    ("How do I set up an email, I need one for my unemployment", "email_account"),
    ("How do I find out if someone filed an eviction against me?", "government_legal"),
    ("I need to book my citizenship appointment, can you show me how?", "government_legal"),
    ("What's the difference between these two Medicare plans on the website?", "health_tax_info"),
    ("Can you teach me how to use my tablet? My kids gave it to me.", "instruction"),
    ("I need to find jobs that don't need a degree near here", "job_resume"),
    ("I need this letter in English, it came in Ukrainian", "language"),
    ("How do I make the numbers add up by themselves in this spreadsheet?", "office_docs"),
    ("The court website says my file is too big to upload", "online_forms"),
    ("My new phone doesn't have my contacts, can you move them over?", "patron_device"),
    ("How do I use the genealogy website, I'm looking for my grandfather's ship", "research"),
    ("Is this article true? My nephew posted it.", "research"),
    ("A man called and said my computer has a virus and to buy gift cards", "security_scam"),
)


@dataclass(frozen=True)
class Open:
    """A question asked so many opening minutes ago and not done yet.

    `here` says that the patron waits in the building, so it is only asked while the branch is open.
    """

    branch: str
    text: str
    category: str
    ago: int
    channel: str = Channel.DESK.value
    device: str = ""
    handed_over: str = ""
    claimed: bool = False
    here: bool = True


SEAT, KIOSK, PHONE = Channel.SEAT.value, Channel.KIOSK.value, Channel.PHONE.value

WAITING: tuple[Open, ...] = (
    # at the desk: help calls from seats and kiosks
    Open("harbour", "I can only type in capital letters", "input_device", 3, SEAT, "7"),
    Open("harbour", "It says my PIN is wrong", "library_account", 1, KIOSK, "Kiosk"),
    Open("harbour", "I need the computer with the big keyboard, my hands shake", "accessibility", 7),
    Open("millbrook", "My flash drive says it needs to be formatted on every computer here", "storage", 4, SEAT, "4"),
    Open("ridgeview", "the kiosk won't read my library card barcode", "library_account", 2, KIOSK, "Kiosk"),
    Open("cedar-flats", "I have an online test that takes two hours, can I keep this computer?", "time_limits", 6),
    # with the reference librarian
    Open(
        "harbour",
        "It wants a code and it's texting my old number",
        "email_account",
        9,
        SEAT,
        "1",
        "The old phone is lost, no second address.",
    ),
    Open(
        "harbour",
        "I have to apply for food stamps online, can you help me find the right page?",
        "government_legal",
        5,
        claimed=True,
    ),
    Open("harbour", "I need to add page numbers but not on the first page", "office_docs", 3),
    Open("harbour", "I need to put three PDFs into one file", "pdf", 4, handed_over="For an application, today."),
    Open("harbour", "Do you have articles about the flood here in 1955?", "research", 22, PHONE, here=False),
    Open("millbrook", "Which laptop should I buy for school?", "research", 40, here=False),
    Open("ridgeview", "The landlord wants proof of income as one attachment, how do I do that?", "online_forms", 2),
    Open(
        "ridgeview",
        "My doctor said I have something and I can't spell it, can you help me look it up somewhere reliable?",
        "health_tax_info",
        8,
        handed_over="Prefers a quiet table.",
    ),
    Open(
        "glacier-road",
        "I need to apply for a job online and I've never used a computer",
        "job_resume",
        11,
        PHONE,
        here=False,
    ),
)
