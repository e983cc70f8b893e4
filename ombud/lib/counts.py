"""How far anything is counted, and how that is said."""

CAP = 100


def capped(number: int) -> int | str:
    """A count that stopped at CAP + 1 says "100+"."""
    return number if number <= CAP else f"{CAP}+"
