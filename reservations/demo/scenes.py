"""Who is where right now, as data: seat labels with minutes, by branch."""

Plan = dict[str, tuple[tuple[str, int], ...]]

# Seats in use: sat down so many minutes ago.
SITTING: Plan = {
    "harbour": (("1", 26), ("2", 52), ("3", 47), ("6", 40), ("7", 39), ("9", 57), ("10", 9)),
    "millbrook": (("1", 12), ("4", 31), ("7", 18), ("8", 5), ("10", 7)),
    "ridgeview": (("1", 22), ("2", 8), ("4", 26), ("5", 15), ("9", 11), ("13", 19)),
    "cedar-flats": (("1", 41), ("3", 16), ("6", 13)),
    "glacier-road": (("1", 33), ("2", 6), ("5", 4)),
}
GUEST_AT = ("millbrook", "1")  # sits there on a guest pass
REGULAR_AT = ("harbour", "1")  # sits there with the card that the sign-ins name
# Seats that somebody has just left: being cleaned.
LEFT: Plan = {"harbour": (("3", 12), ("6", 1)), "ridgeview": (("4", 1),)}
# Booked for so many minutes from now on the clock's five minutes; 0 has begun and waits for check-in.
COMING: Plan = {
    "harbour": (("5", 0), ("4", 15), ("8", 50), ("3", 85), ("12", 115)),
    "millbrook": (("3", 0), ("5", 20), ("9", 25), ("6", 95)),
    "ridgeview": (("6", 0), ("8", 10), ("10", 20), ("12", 80)),
    "cedar-flats": (("2", 0), ("4", 15), ("5", 70)),
    "glacier-road": (("3", 0), ("4", 25)),
}
# Booked ahead in the next openings: so many hours after opening (today: from two hours on).
AHEAD: Plan = {
    "harbour": (("1", 2), ("3", 4), ("9", 5), ("13", 7)),
    "millbrook": (("2", 1), ("11", 2)),
    "ridgeview": (("1", 1), ("13", 3)),
    "cedar-flats": (("1", 2), ("9", 3)),
    "glacier-road": (("2", 1), ("6", 2)),
}
# The class that runs now: its title and its seats.
CLASSES: dict[str, tuple[str, tuple[str, ...]]] = {"harbour": ("E-mail basics", ("13", "14"))}
# The line: joined so many minutes ago, for an hour at any seat that has this. The first one misses the call.
LINE: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {
    "harbour": ((16, ()), (9, ()), (7, ("headset",)), (5, ("scanner",)), (3, ()), (1, ("window",))),
}
# The seats that were free so many minutes ago went to the line.
SERVED: dict[str, tuple[int, ...]] = {"harbour": (7, 2, 0)}
