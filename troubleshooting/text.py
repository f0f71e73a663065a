"""Words of people on one line."""


def short(text: str, limit: int = 60) -> str:
    """Return `text` on one line, cut at `limit` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
