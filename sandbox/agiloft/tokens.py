"""Who may speak: the service user by password, and what a login hands out."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sandbox.agiloft.records import Records
from sandbox.agiloft.wrong import No

USER, CLIENT = "ombud.svc", "ombud-client"
REFRESH_HOURS = 12


class Tokens:
    def __init__(self, records: Records) -> None:
        self.records = records
        kept = records.store.setting("agiloft_account")
        if kept is None:
            kept = [secrets.token_urlsafe(15), secrets.token_urlsafe(18)]
            records.store.set("agiloft_account", kept)
        self.password, self.client_secret = kept

    @property
    def known(self) -> dict[str, Any]:
        found: dict[str, Any] = self.records.state["tokens"]
        return found

    def by_password(self, login: str, password: str) -> dict[str, Any]:
        if (login, password) != (USER, self.password):
            raise No(403, "Wrong login or password", "EWPermissionException")
        return self.hand_out(login)

    def by_client(self, client: str, secret: str) -> dict[str, Any]:
        """The client is bound to the one service user: a new grant ends the tokens before it."""
        if (client, secret) != (CLIENT, self.client_secret):
            raise No(401, "Wrong Authorization data", "EWPermissionException")
        self.known.clear()
        return self.hand_out(USER)

    def refresh(self, refresh: str, bearer: str) -> dict[str, Any]:
        """The old pair goes, a new one comes."""
        old = next((one for one in self.known.values() if one["refresh"] == refresh), None)
        if not refresh or old is None or (bearer and bearer != old["access"]):
            raise No(400, "Wrong refresh token")
        if self.past(old["refresh_until"]):
            raise No(401, "Refresh token is expired", "EWSessionException")
        self.known.pop(old["access"])
        return self.hand_out(old["user"])

    def hand_out(self, user: str) -> dict[str, Any]:
        now = self.records.clock.now()
        minutes = self.records.options.minutes
        row = {
            "access": f"eyJ{secrets.token_urlsafe(24)}",
            "refresh": secrets.token_urlsafe(12),
            "user": user,
            "until": (now + timedelta(minutes=minutes)).isoformat(),
            "refresh_until": (now + timedelta(hours=REFRESH_HOURS)).isoformat(),
        }
        self.known[row["access"]] = row
        self.records.keep()
        return row

    def of(self, bearer: str) -> str:
        """The user behind a token."""
        found = self.known.get(bearer)
        if found is None:
            raise No(401, "Wrong Authorization data", "EWSessionException")
        if self.past(found["until"]):
            raise No(400, "Token is expired", "EWSessionException")
        return str(found["user"])

    def end(self, bearer: str) -> None:
        self.known.pop(bearer, None)
        self.records.keep()

    def expire(self) -> None:
        """Every token has run out just now; the refresh tokens are good yet."""
        past = self.records.clock.now() - timedelta(seconds=1)
        for row in self.known.values():
            row["until"] = past.isoformat()
        self.records.keep()

    def past(self, moment: str) -> bool:
        return datetime.fromisoformat(moment) <= self.records.clock.now()


def bearer_of(headers: dict[str, str]) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
