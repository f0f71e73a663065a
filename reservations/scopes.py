"""Names of the live scopes that reservations' pages watch."""


def board_scope(branch_id: int) -> str:
    """The scope of everything that shows a branch's seats."""
    return f"board:{branch_id}"
