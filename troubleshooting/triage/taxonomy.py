"""How the finer words of the product and those of library-practice.md section 6 meet. One table each way."""

from troubleshooting.models.category import Kind

# Categories of the product that the taxonomy counts under a wider one; every other code is the same in both.
WIDER: dict[str, str] = {
    "paper_jam": "printing",
    "printer_fault": "printing",
    "mobile_printing": "printing",
    "danger": "pc_power",
    "library_system": "kiosk_fault",
    "privacy_incident": "privacy",
}

# The kinds of the taxonomy as a ticket counts them (section 2.3): policy is directional, the rest is tech help.
COUNTED_AS: dict[str, str] = {
    "policy": Kind.DIRECTIONAL,
    "directional": Kind.DIRECTIONAL,
    "reference": Kind.REFERENCE,
    "hardware": Kind.TECH_HELP,
    "software": Kind.TECH_HELP,
    "account": Kind.TECH_HELP,
    "printing": Kind.TECH_HELP,
    "network": Kind.TECH_HELP,
}

# The kind of a ticket where our lines know no better one for its category and tier.
USUAL_KIND: dict[str, str] = {Kind.DIRECTIONAL: "policy", Kind.REFERENCE: "reference", Kind.TECH_HELP: "software"}


def wider(category: str) -> str:
    """Return the code of the taxonomy for a code of the product."""
    return WIDER.get(category, category)
