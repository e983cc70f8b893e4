"""The shapes of what is done with links and ledgers."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from ombud.lib import outward
from ombud.lib.shapes import Shape
from ombud.sync.adapters import places
from ombud.sync.columns import Column


def reachable(url: str) -> str:
    """Over HTTPS; on this machine, for demo and tests, without."""
    if not url:
        return url
    try:
        parts = urlsplit(url)
        known = parts.hostname is not None and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.username or parts.query or parts.fragment:
        raise ValueError(
            gettext("Write the address as https://name, without user name and password.")
        )
    is_here = places.is_here(parts.hostname or "")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise ValueError(gettext("The address must begin with https://."))
    if not places.is_permitted(parts.hostname or "") and outward.is_inward(parts.hostname or ""):
        raise ValueError(
            gettext(
                "The address leads into a closed network. Write one that is reached from outside."
            )
        )
    return url.rstrip("/")


Address = Annotated[str, Field(max_length=300), AfterValidator(reachable)]
Word = Annotated[str, Field(max_length=120)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*$", max_length=80)]
Known = Annotated[int, Field(ge=0, le=2**53)]


class Settle(Shape):
    field: Annotated[str, Field(max_length=40)]
    take: Literal["ours", "theirs"]


class SetSystem(Shape):
    system: Known = Field(0, title=_("Which link; 0 is a new one"))
    name: Annotated[str, Field(min_length=1, max_length=80)] = Field(title=_("Name"))
    base_url: Address = Field(
        title=_("Address"), description=_("As https://name.agiloft.com"), min_length=1
    )
    kb: Name = Field(title=_("Knowledge base"), description=_("Capitals and small letters matter."))
    table: Name = Field(
        "case", title=_("Table"), description=_("Its logical name; a table within is dotted.")
    )
    surface: Literal["json", "legacy_bearer", "legacy_inline"] = Field(
        "json", title=_("How it is spoken with")
    )
    login: Word = Field("", title=_("Service user"))
    secret: Annotated[str, Field(max_length=200)] = Field("", title=_("Password"))
    oauth_url: Address = Field(
        "", title=_("OAuth address"), description=_("Only where login is by OAuth.")
    )
    client: Word = Field("", title=_("OAuth client"))
    client_secret: Annotated[str, Field(max_length=200)] = Field("", title=_("OAuth client secret"))
    delay_seconds: Annotated[float, Field(ge=0, le=60)] = Field(
        1.0, title=_("Seconds between calls")
    )
    probe: Annotated[str, Field(pattern=r"^[0-9]{0,18}$")] = Field(
        "",
        title=_("Record for trying"),
        description=_("Its values are written as they are, to see that we may."),
    )
    may_ignore_locks: bool = Field(
        False, title=_("Write although somebody has the record open for editing")
    )


class SetColumns(Shape):
    system: Known
    columns: Annotated[dict[Name, Column], Field(min_length=1, max_length=60)]


class OneSystem(Shape):
    system: Known


class RotateHook(OneSystem):
    overlap_hours: Annotated[int, Field(ge=0, le=168)] = Field(
        24,
        title=_("Hours that the old one still holds"),
        description=_("0 to 168. With 0 it ends at once, as when somebody else has learnt it."),
    )


class SwitchSystem(OneSystem):
    on: bool
