"""An OpenID provider with a few clients: code and PKCE, tokens signed with its own keys."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox import web
from sandbox.clock import Clock
from sandbox.faults import OIDC_CALL, OIDC_TOKEN, Faults
from sandbox.journal import Journal
from sandbox.oidc.keys import Keys, encoded
from sandbox.people import People, Person
from sandbox.store import Store

BASE = "/oidc"
CODE_SECONDS, TOKEN_SECONDS = 60, 300
BACK = "/login/oidc/back/"  # the only path that a code is sent to
HERE = ("localhost", "127.0.0.1", "testserver")
Claims = dict[str, Any]


@dataclass(frozen=True)
class Client:
    """Who may ask, and how the answer names a person."""

    key: str
    name: str
    claim: str
    country: str = ""
    of: Callable[[Person], str] = lambda person: ""

    @property
    def id(self) -> str:
        return f"ombud-{self.key}"


CLIENTS = (
    Client("norway", "Norsk BankID", "pid", "no", lambda person: person.pid),
    Client(
        "broker",
        "E-legitimation via mäklare",
        "personal_number",
        "se",
        lambda person: person.personal_number,
    ),
    Client("company", "Företagsinloggning", "sub"),
)


@dataclass
class Grant:
    """A code that has been handed out and not yet been used."""

    client: Client
    person: Person
    asked: dict[str, str]
    at: float = field(default_factory=time.monotonic)


class Wrong(Exception):
    """What a client asks is not in order; the words are OAuth's own error codes."""

    def __init__(self, error: str, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.error, self.status = error, status


class Provider:
    def __init__(
        self,
        store: Store,
        keys: Keys,
        people: People,
        faults: Faults,
        journal: Journal,
        clock: Clock,
    ) -> None:
        self.keys = keys
        self.people = people
        self.faults = faults
        self.journal = journal
        self.clock = clock
        self.codes: dict[str, Grant] = {}
        self.tokens: dict[str, Grant] = {}
        self.secret: str = store.setting("oidc_secret") or secrets.token_urlsafe(24)
        store.set("oidc_secret", self.secret)
        self.salt: str = store.setting("oidc_salt") or secrets.token_hex(16)
        store.set("oidc_salt", self.salt)
        self.origin = ""
        """Where it is reached; known once its port is, which stays the same from then on."""

    @property
    def issuer(self) -> str:
        return self.origin + BASE

    def doors(self, doors: web.Doors) -> None:
        rows: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "/.well-known/openid-configuration", self.discovery),
            ("GET", "/jwks", self.jwks),
            ("POST", "/token", self.token),
            ("GET", "/userinfo", self.userinfo),
        ]
        for method, path, answer in rows:
            doors.add(method, BASE + path, self.told(answer))

    def told(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """Each call stands in the journal; a no is OAuth's JSON."""

        async def run(request: web.Request) -> web.Answer:
            call = request.path.rpartition("/")[2]
            fault = self.faults.take("oidc", OIDC_CALL, call)
            try:
                if fault == "500":
                    raise Wrong("server_error", "Something went wrong.", 500)
                found: web.Answer = await answer(request)
            except Wrong as no:
                found = web.as_json({"error": no.error, "error_description": str(no)}, no.status)
            if fault == "html":
                found = web.as_page("<html><body><h1>Bad gateway</h1></body></html>", 200)
            found.broken = "cut" if fault == "cut" else ""
            self.journal.note("oidc", "in", f"{request.method} {call}", status=found.status)
            return found

        return run

    async def discovery(self, request: web.Request) -> web.Answer:
        own = self.issuer
        return web.as_json(
            {
                "issuer": own,
                "authorization_endpoint": f"{own}/authorize",
                "token_endpoint": f"{own}/token",
                "userinfo_endpoint": f"{own}/userinfo",
                "jwks_uri": f"{own}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
                "scopes_supported": ["openid", "profile", "email"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def jwks(self, request: web.Request) -> web.Answer:
        return web.as_json(self.keys.published())

    # Choosing who one is: the page asks these two

    def check(self, asked: dict[str, str]) -> Client:
        """The client that asks; Wrong when what it asks is not in order."""
        known = {client.id: client for client in CLIENTS}
        client = known.get(asked.get("client_id", ""))
        if client is None:
            raise Wrong("invalid_client", "No such client.")
        back = urlsplit(asked.get("redirect_uri", ""))
        if back.hostname not in HERE or back.path != BACK:
            raise Wrong("invalid_request", "redirect_uri is not registered.")
        if asked.get("response_type") != "code":
            raise Wrong("unsupported_response_type", "Only code is answered.")
        if "openid" not in asked.get("scope", "").split():
            raise Wrong("invalid_scope", "scope must hold openid.")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            raise Wrong("invalid_request", "PKCE with S256 is required.")
        return client

    def choose(self, asked: dict[str, str], person: Person | None) -> str:
        """Where the browser goes next; without a person, as one who pressed cancel."""
        client = self.check(asked)
        answer = {"state": asked.get("state", ""), "iss": self.issuer}
        if person is None:
            answer |= {"error": "access_denied"}
        else:
            code = secrets.token_urlsafe(24)
            self.codes[code] = Grant(client, person, asked)
            answer |= {"code": code}
        if self.faults.take("oidc", {"wrong_iss": ""}):
            answer["iss"] = "https://somebody.else.example"
        self.journal.note("oidc", "here", "chosen", client=client.id, known=person is not None)
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    # What the client asks behind the browser

    async def token(self, request: web.Request) -> web.Answer:
        form = request.form()
        client = self.authenticated(request, form)
        if form.get("grant_type") != "authorization_code":
            raise Wrong("unsupported_grant_type", "Only authorization_code.")
        grant = self.codes.pop(form.get("code", ""), None)
        if grant is None or grant.client != client or time.monotonic() - grant.at > CODE_SECONDS:
            raise Wrong("invalid_grant", "The code is unknown, used or too old.")
        if form.get("redirect_uri") != grant.asked["redirect_uri"]:
            raise Wrong("invalid_grant", "redirect_uri is another one.")
        if challenge(form.get("code_verifier", "")) != grant.asked["code_challenge"]:
            raise Wrong("invalid_grant", "The code verifier does not fit.")
        access = secrets.token_urlsafe(24)
        self.tokens[access] = grant
        fault = self.faults.take("oidc", OIDC_TOKEN)
        return web.as_json(
            {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "id_token": self.keys.sign(self.claims(grant, fault), fault),
            },
            headers={"Cache-Control": "no-store"},
        )

    def authenticated(self, request: web.Request, form: dict[str, str]) -> Client:
        told = request.basic() or (form.get("client_id", ""), form.get("client_secret", ""))
        for client in CLIENTS:
            if told[0] == client.id and hmac.compare_digest(told[1], self.secret):
                return client
        raise Wrong("invalid_client", "The client is not who it says.", 401)

    def claims(self, grant: Grant, fault: str = "") -> Claims:
        now = int(self.clock.now().timestamp())
        claims: Claims = {
            "iss": self.issuer,
            "aud": grant.client.id,
            "exp": now + TOKEN_SECONDS,
            "iat": now,
            "auth_time": now,
            "acr": "high",
            "nonce": grant.asked.get("nonce", ""),
            **self.about(grant),
        }
        claims |= SPOILT.get(fault, {})
        if fault in ("expired", "not_yet"):
            moved = -2 * 3600 if fault == "expired" else 2 * 3600
            claims |= {name: claims[name] + moved for name in ("exp", "iat", "auth_time")}
        if fault == "old_login":
            claims["auth_time"] -= 24 * 3600
        if fault == "no_nonce":
            del claims["nonce"]
        return claims

    async def userinfo(self, request: web.Request) -> web.Answer:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self.tokens.get(token) if kind.lower() == "bearer" else None
        if grant is None:
            raise Wrong("invalid_token", "No such token.", 401)
        return web.as_json(self.about(grant))

    def about(self, grant: Grant) -> Claims:
        """Pairwise: another client hears of another subject."""
        person, client = grant.person, grant.client
        whose = f"{client.id} {person.personal_number}".encode()
        subject = hmac.new(self.salt.encode(), whose, "sha256").hexdigest()[:32]
        claims = {
            "sub": subject,
            "name": person.name,
            "given_name": person.given,
            "family_name": person.family,
            "email": person.email,
        }
        told = client.of(person)
        return claims | ({client.claim: told} if told else {})

    def as_setting(self) -> list[dict[str, Any]]:
        """What a relying party is to be told of each client."""
        return [
            {
                "key": client.key,
                "name": client.name,
                "issuer": self.issuer,
                "client_id": client.id,
                "client_secret": self.secret,
                "claim": client.claim,
                "country": client.country,
            }
            for client in CLIENTS
        ]


SPOILT: dict[str, Claims] = {
    "wrong_nonce": {"nonce": "of another login"},
    "wrong_issuer": {"iss": "https://somebody.else.example"},
    "wrong_audience": {"aud": "somebody-else"},
    "more_audiences": {"aud": ["ombud-broker", "somebody-else"], "azp": "somebody-else"},
    "low_acr": {"acr": "low"},
}


def challenge(verifier: str) -> str:
    return encoded(hashlib.sha256(verifier.encode()).digest())
