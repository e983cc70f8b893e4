"""What is told of an OpenID provider at start: where it is, and how it names people."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Provider(BaseModel):
    """`claim` names the person: with a `country` it is an identity number that the provider
    vouches for, without one only a subject, which an account must have been linked to. `acr`: how
    surely the person must have been proved, any of these; empty leaves it to the provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    name: str = Field(min_length=1, max_length=60)
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: str = Field("", repr=False)
    claim: str = "sub"
    country: Literal["", "se", "no"] = ""
    scope: str = "openid profile"
    acr: str = ""
    hint: str = ""  # login_hint, for providers that choose their way by it

    @field_validator("issuer")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError("must begin with http:// or https:// and have no query")
        return url

    @field_validator("scope")
    @classmethod
    def _asks_for_an_identity(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("must hold openid")
        return scope

    @property
    def vouches(self) -> bool:
        """Whether it tells an identity number that can be relied on."""
        return bool(self.country) and self.claim != "sub"

    @property
    def is_strong(self) -> bool:
        """An e-ID by its nature, or one that proves a person as surely as was asked."""
        return self.vouches or bool(self.acr)

    @property
    def is_secure(self) -> bool:
        return self.issuer.startswith("https://")
