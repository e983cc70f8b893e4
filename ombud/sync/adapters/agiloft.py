"""Speaking with Agiloft: the alrest surface, the older EW operations, tokens and webhooks.

It declares no limits: a call is held for a second or so instead, and calls come one at a time.
Nothing is created but by upsert on a key of ours; all else is an update of a record that is known.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx

from ombud.lib import clock, outward
from ombud.sync.adapters import ewrest, places
from ombud.sync.adapters.ewrest import Expired
from ombud.sync.faults import Absent, Ambiguous, Barred, Inner, Locked, Outage, Refusal, Shut

TIMEOUT = httpx.Timeout(20, connect=5)
EARLY = timedelta(minutes=1)  # a token is renewed before it runs out
LANG = "en"
UNITS = {"second": 1, "minute": 60, "hour": 3600}

Values = dict[str, Any]


@dataclass
class Access:
    """How a knowledge base is reached. `surface`: json, legacy_bearer or legacy_inline."""

    base_url: str
    kb: str
    table: str
    surface: str = "json"
    oauth_url: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    client: str = ""
    client_secret: str = field(default="", repr=False)
    ignore_locks: bool = False


@dataclass
class Agiloft:
    access: Access
    token: dict = field(default_factory=dict, repr=False)
    """access, refresh and until (ISO); kept by whoever made us, since a token is worth keeping."""
    before_call: Callable[[], None] = lambda: None

    # Records

    def read(self, table: str, number: str, columns: list[str]) -> Values:
        """These columns of one record. Absent where there is none."""
        if self.is_json:
            body = {"field": ["id", *columns], "query": f"id={int(number)}"}
            found = self.json("POST", f"{table}/search", body)
            rows = found if isinstance(found, list) else []
        else:
            rows = [self.legacy("EWRead", table, {"id": str(number)})]
        if not rows:
            raise Absent(f"There is no record {number} in {table}.")
        return {name: rows[0].get(name) for name in columns}

    def update(self, table: str, number: str, values: Values) -> None:
        """Only of a record that is there: the same once more changes nothing. The JSON surface
        knows no way past a lock; where it may be passed the older one does it."""
        if self.is_json:
            try:
                self.json("PUT", f"{table}/{int(number)}", plain(values))
                return
            except Locked:
                if not self.access.ignore_locks:
                    raise
        more = {"$operationHints": "NOLOCK"} if self.access.ignore_locks else {}
        self.legacy("EWUpdate", table, {"id": str(number), **plain(values)}, more)

    def upsert(self, table: str, match: str, values: Values) -> str:
        """The record whose `match` holds our value, changed; else a new one. Its number. Looks
        first: of a create whose answer was lost nobody would know."""
        found = self.find(table, match, str(values[match]))
        if len(found) > 1:
            raise Ambiguous(f"{len(found)} records of {table} hold {match} {values[match]}.")
        if found:
            self.update(table, found[0], values)
            return found[0]
        if self.is_json:
            query = f"{match}={quoted(str(values[match]))}"
            made = self.json("POST", f"{table}/upsert", plain(values), {"query": query})
            return str(made["id"])
        made = self.legacy("EWUpsert", table, plain(values), {"$match": match})
        return str(made["id"])

    def find(self, table: str, column: str, value: str) -> list[str]:
        """The numbers of the records of which a column holds exactly this."""
        query = f"{column}={quoted(value)}"
        if self.is_json:
            found = self.json("POST", f"{table}/search", {"field": ["id"], "query": query})
            return [str(row["id"]) for row in found]
        told = self.legacy("EWSearch", table, {"query": query, "field": "id", "limit": "0"})
        return [str(told[f"id_{place}"]) for place in range(int(told.get("length") or 0))]

    # Files

    def attached(self, table: str, number: str, column: str) -> list[dict]:
        """Names and sizes of the files there."""
        if self.is_json:
            found = self.json("POST", f"{table}/attachInfo/{number}", {}, {"field": column})
        else:
            asked = {"id": number, "field": column}
            found = self.legacy("EWAttachInfo/.json", table, asked)
        return found if isinstance(found, list) else []

    def attach(self, table: str, number: str, column: str, name: str, content: bytes) -> bool:
        """Unless a file of this name and size is there already; whether it was sent."""
        there = self.attached(table, number, column)
        known = {(one.get("fileName"), one.get("size")) for one in there}
        if (name, len(content)) in known:
            return False
        told = {"field": column, "fileName": name}
        if self.is_json:
            path = f"{self.root}alrest/{self.access.kb}/{table}/attach/{number}"
            files = {"uploadFile": (name, content)}
            self.call("POST", path, params={"lang": LANG, **told}, files=files)
            return True
        query = {**self.named(table), **told, "id": number}
        self.legacy_call("PUT", "EWAttach", params=query, files={"file": (name, content)})
        return True

    # What there is

    def columns(self, table: str) -> dict[str, dict]:
        """Every column of a table by name: its kind, and of a choice its labels. Token alone."""
        form = {"$KB": self.access.kb, "table": table, "$lang": LANG}
        told = self.call("POST", f"{self.root}EWTable/.json", data=form)
        found = (ewrest.envelope(told) or {}).get("result") or {}
        for row in found.get("tables", []):
            if row.get("logicalName") == table:
                return {one["columnName"]: one for one in row["fields"]}
        return {}

    # Webhooks

    def subscribe(self, key: str, wanted: Values) -> str:
        """Be told of changes, at this address from now on; the key of the subscription."""
        if key:
            try:
                self.call("PUT", f"{self.root}webhooks", params={"wh_key": key}, json=wanted)
                return key
            except Absent:
                pass
        made = self.call("POST", f"{self.root}webhooks", json=wanted)
        return str((ewrest.envelope(made) or {}).get("webhook_key", ""))

    # Tokens

    def come_in(self) -> None:
        """A good token, whether it is there already, renewed, or asked for anew."""
        if self.token and datetime.fromisoformat(self.token["until"]) - EARLY > clock.now():
            return
        if self.token.get("refresh") and self.renewed():
            return
        self.log_in()

    def renewed(self) -> bool:
        try:
            self.take(self.ask_token(refresh=self.token["refresh"]))
        except (Expired, Refusal):
            self.token = {}
            return False
        return True

    def log_in(self) -> None:
        try:
            self.take(self.ask_token())
        except Inner:
            raise
        except (Expired, Refusal) as no:
            raise Shut(str(no)) from None

    def ask_token(self, refresh: str = "") -> dict:
        if self.access.oauth_url:
            return self.by_oauth(refresh)
        if self.is_json and not refresh:
            body = {"login": self.access.login, "password": self.access.password}
            body |= {"KB": self.access.kb, "lang": LANG}
            answer = self.send("POST", f"{self.root}alrest/{self.access.kb}/login", json=body)
            return (ewrest.envelope(answer) or {}).get("result") or {}
        form = self.named(self.access.table)
        if refresh:
            form |= {"refresh_token": refresh}
        else:
            form |= {"$login": self.access.login, "$password": self.access.password}
        headers = self.bearer() if refresh else {}
        answer = self.send("POST", f"{self.root}EWLogin", data=form, headers=headers)
        return ewrest.envelope(answer) or {}

    def by_oauth(self, refresh: str) -> dict:
        form = {"client_id": self.access.client, "client_secret": self.access.client_secret}
        form |= {"kb": self.access.kb}
        form |= {"grant_type": "refresh_token" if refresh else "client_credentials"}
        form |= {"refresh_token": refresh} if refresh else {}
        answer = self.send("POST", self.access.oauth_url, data=form)
        return ewrest.envelope(answer) or {}

    def take(self, told: dict) -> None:
        """Lifetimes are minutes unless it is said otherwise."""
        if not told.get("access_token"):
            raise Refusal("The login was answered without a token.")
        unit = UNITS.get(str(told.get("expiration_time_unit", "minute")).rstrip("s"), 60)
        until = clock.now() + timedelta(seconds=float(told.get("expires_in") or 15) * unit)
        self.token = {
            "access": str(told["access_token"]).strip(),
            "refresh": str(told.get("refresh_token") or ""),
            "until": until.isoformat(),
        }

    def bearer(self) -> dict[str, str]:
        """The scheme comes with a blank behind it; one is enough."""
        return {"Authorization": f"Bearer {self.token.get('access', '')}"}

    # Calls

    @property
    def is_json(self) -> bool:
        return self.access.surface == "json"

    @property
    def root(self) -> str:
        return f"{self.access.base_url.rstrip('/')}/ewws/"

    def named(self, table: str) -> dict[str, str]:
        return {"$KB": self.access.kb, "$table": table, "$lang": LANG}

    def json(self, method: str, path: str, body: Any, query: dict | None = None) -> Any:
        params = {"lang": LANG, **(query or {})}
        where = f"{self.root}alrest/{self.access.kb}/{path}"
        answer = self.call(method, where, params=params, json=body)
        told = ewrest.envelope(answer)
        if told is None:
            raise Outage("The answer was not JSON.")
        return told.get("result")

    def legacy(self, op: str, table: str, values: Values, more: Values | None = None) -> Any:
        """Parameters go in the body, never in the address, where logs would keep them."""
        form = {**self.named(table), **values, **(more or {})}
        answer = self.legacy_call("POST", op, data=form)
        told = ewrest.envelope(answer)
        return told.get("result") if told is not None else ewrest.rows(answer.text)

    def legacy_call(self, method: str, op: str, **sent: Any) -> httpx.Response:
        if self.access.surface != "legacy_inline":
            return self.call(method, f"{self.root}{op}", **sent)
        login = {"$login": self.access.login, "$password": self.access.password}
        if "files" in sent:  # a file and its form travel in one body
            sent = {**sent, "data": login}
        else:
            sent = {**sent, "data": {**sent.get("data", {}), **login}}
        try:
            return self.send(method, f"{self.root}{op}", **sent)
        except Expired as no:
            raise Barred(str(no)) from None

    def call(self, method: str, url: str, **sent: Any) -> httpx.Response:
        """With a token; where it has run out all the same it is renewed once, and asked for anew
        once."""
        self.come_in()
        for again in (self.renewed_or_new, self.log_in):
            try:
                return self.send(method, url, headers=self.bearer(), **sent)
            except Expired:
                again()
        try:
            return self.send(method, url, headers=self.bearer(), **sent)
        except Expired as no:
            raise Barred(str(no)) from None

    def renewed_or_new(self) -> None:
        if not (self.token.get("refresh") and self.renewed()):
            self.log_in()

    def send(self, method: str, url: str, **sent: Any) -> httpx.Response:
        self.before_call()
        try:
            is_free = places.is_permitted(outward.host_of(url))
            answer = _client(os.getpid(), is_free).request(method, url, **sent)
        except outward.Inward as inward:
            raise Inner(f"{inward} leads into a closed network.") from None
        except httpx.HTTPError as fault:
            raise Outage(self.redacted(f"{type(fault).__name__}: {fault}")) from None
        if no := ewrest.no_of(answer, self.secrets):
            raise no
        return answer

    def redacted(self, words: str) -> str:
        return ewrest.redacted(words, self.secrets)

    @property
    def secrets(self) -> list[str]:
        known = [self.access.password, self.access.client_secret]
        known += [self.token.get("access", ""), self.token.get("refresh", "")]
        return [secret for secret in known if secret]


def plain(values: Values) -> Values:
    """What may be sent: no name begins with $, for such a one would be a parameter."""
    if any("$" in name for name in values):
        raise Refusal("The name of a field begins with $.")
    return values


def quoted(value: str) -> str:
    kept = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{kept}'"


def linked(value: str | None) -> str | None:
    """A linked field is written with a colon before it; colons and question marks are escaped, and
    nothing is never sent as an empty string."""
    if value is None:
        return "$global.null"
    kept = value.replace("\\", "\\\\").replace(":", "\\:").replace("?", "\\?")
    return f":{kept}"


@cache
def _client(_pid: int, is_free: bool) -> httpx.Client:
    """Free: wherever the name leads. Else only out of the house."""
    way = None if is_free else outward.Transport()
    return httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False, transport=way)
