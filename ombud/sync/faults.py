"""What can go wrong with another system: for now, or for good. No text carries a secret."""


class Fault(Exception):
    """The other system did not do what was asked."""

    code = "fault"

    def kept(self) -> str:
        """As it is written down: what kind it is, and the words."""
        return f"{self.code}|{self}"


class Temporary(Fault):
    """It may work later: try again."""

    code = "temporary"


class Outage(Temporary):
    """Nobody answers there, or nobody knows what came of it: nothing else will work either."""

    code = "outage"


class Locked(Temporary):
    """Somebody works on the record just now."""

    code = "locked"


class Refusal(Fault):
    """It has understood, and says no: the same again would be refused again."""

    code = "refused"


class Absent(Refusal):
    """There is no such record."""

    code = "absent"


class Ambiguous(Refusal):
    """Several records fit, and none is chosen for us."""

    code = "ambiguous"


class Barred(Refusal):
    """Our user may not do this; somebody may mend that meanwhile."""

    code = "barred"


class Shut(Barred):
    """Our user cannot even log in: nothing else will work either."""


class Inner(Shut):
    """Its address leads into the house; nobody has been called."""

    code = "inner"


class Taken(Fault):
    """Another of us is speaking with the system; its line is free again in a moment."""

    code = "taken"
