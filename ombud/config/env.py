"""What the world outside tells Ombud at start: environment variables, typed and checked."""

import hashlib
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.x509.oid import NameOID
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ombud.eid.providers import Provider
from ombud.lib import phones

HERE = Path(__file__).resolve().parents[2]
NOT_OURS = "{} belongs to another user; set OMBUD_DATA to a folder of your own."
SANDBOX = "Ombud Sandbox"  # the organisation in every root that the sandbox makes for itself


class Unfit(Exception):
    """The environment cannot be run with; the faults say what to put right."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        listed = "Ombud cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(listed if len(faults) > 1 else faults[0])


class Env(BaseSettings):
    """An attribute a variable: its name is `OMBUD_` and the attribute in capitals."""

    model_config = SettingsConfigDict(env_prefix="OMBUD_", env_ignore_empty=True, extra="ignore")

    env: Literal["development", "demo", "test", "production"] = "development"
    data: Path | None = None
    files: Path | None = None
    secret_key: str = ""
    secret_key_fallbacks: str = ""  # earlier keys, divided by commas, while a key is being changed
    hosts: str = "localhost,127.0.0.1"
    proxied: bool = False  # a proxy in front ends TLS and sets X-Forwarded-Proto

    database_url: str = Field("", validation_alias="DATABASE_URL")
    database_direct_url: str = Field("", validation_alias="DATABASE_DIRECT_URL")
    owner_url: str = ""  # the role that owns the schema; only migrating needs it

    web_url: str = "http://localhost:8000"
    push_url: str = "http://localhost:8001"
    web_workers: int = 2
    web_threads: int = 1
    worker_concurrency: int = 4

    bankid_url: str = ""
    bankid_ca: Path | None = None
    bankid_cert: Path | None = None
    bankid_key: Path | None = None
    bankid_sign_root: Path | None = None

    sms_url: str = ""
    sms_user: str = ""
    sms_password: str = ""
    sms_sender: str = "Ombud"

    confirm_programs: bool = False  # ask a token's person too for what asks for a fresh proof
    oidc: list[Provider] = []  # JSON: the other logins, see ombud/eid/providers.py
    agiloft_url: str = ""  # what an administrator is offered when a system is linked, and the demo
    agiloft_oauth_url: str = ""
    agiloft_kb: str = ""
    agiloft_login: str = ""
    agiloft_password: str = ""
    agiloft_client: str = ""
    agiloft_client_secret: str = ""

    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: bool = False
    mail_from: str = "Ombud <no-reply@localhost>"

    support_name: str = ""  # whom a page that refuses or has failed says to ask; "customer service"
    support_phone: str = ""
    support_email: str = ""
    support_hours: str = ""

    clock: str = ""
    sandbox_url: str = ""  # the phones on the table; never in production
    log_level: str = "INFO"

    @field_validator("web_url", "push_url")
    @classmethod
    def _is_an_origin(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return url.rstrip("/")

    @field_validator("oidc")
    @classmethod
    def _has_each_once(cls, known: list[Provider]) -> list[Provider]:
        if len({one.key for one in known}) < len(known):
            raise ValueError("each key may stand there once")
        return known

    @field_validator("support_phone")
    @classmethod
    def _can_be_called(cls, number: str) -> str:
        try:
            return phones.parse(number) if number else ""
        except phones.NotAPhone:
            raise ValueError("must be a telephone number") from None

    @cached_property
    def folder(self) -> Path:
        """The data folder: database, files, secrets and collected static files of this clone."""
        return self.data.absolute() if self.data else home_of(HERE)

    @cached_property
    def clock_file(self) -> Path | None:
        path = self.clock.removeprefix("file://").removeprefix("file:")
        return Path(path) if path else None

    def key(self) -> str:
        """The secret key: given, or made once in the data folder (never in production)."""
        if self.secret_key or self.env == "production":
            return self.secret_key
        return kept_secret(self.folder / "secret_key")

    def faults(self) -> list[str]:
        return list(self._faults_of_production()) if self.env == "production" else []

    def _faults_of_production(self):
        if len(self.secret_key) < 50:
            yield "OMBUD_SECRET_KEY must be set to at least 50 random characters."
        if not self.database_url:
            yield "DATABASE_URL must name a database."
        if self.clock:
            yield "OMBUD_CLOCK must not be set: in production time is the real time."
        if self.sandbox_url:
            yield "OMBUD_SANDBOX_URL must not be set: in production phones are real."
        if not self.web_url.startswith("https://"):
            yield "OMBUD_WEB_URL must begin with https://."
        yield from faults_of_providers(self.oidc)
        for name in ("bankid_ca", "bankid_cert", "bankid_sign_root"):
            yield from faults_of_certificates(f"OMBUD_{name.upper()}", getattr(self, name))


def faults_of_providers(known: list[Provider]):
    for one in known:
        if not one.is_secure:
            yield f"OMBUD_OIDC: the issuer of {one.key} must begin with https://."


def faults_of_certificates(name: str, path: Path | None):
    if path is None:
        return
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        yield f"{name} does not name a file of PEM certificates."
        return
    if any(is_of_sandbox(certificate) for certificate in found):
        yield f"{name} holds a certificate of the sandbox; production trusts only real ones."


def is_of_sandbox(certificate: x509.Certificate) -> bool:
    named = certificate.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return any(name.value == SANDBOX for name in named)


def home_of(clone: Path) -> Path:
    """Where a clone keeps its data; as root outside the home, which others may not enter."""
    digest = hashlib.sha256(str(clone).encode()).hexdigest()[:12]
    if os.getuid() == 0:
        return Path("/var/tmp") / f"ombud-{digest}"
    share = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(share) / "ombud" / digest


def own_folder(folder: Path, mode: int = 0o711) -> Path:
    """Make a folder that is ours; refuse one that somebody else has put there."""
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise Unfit([NOT_OURS.format(folder)])
    return folder


def kept_secret(path: Path) -> str:
    """A secret that is made once, by whoever comes first, and then stays the same."""
    if not path.exists():
        own_folder(path.parent)
        mine = path.with_name(f"{path.name}.{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(48))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text()


def read() -> Env:
    """The environment, or Unfit with every fault in words."""
    try:
        env = Env()
    except ValidationError as wrong:
        raise Unfit([_said(fault) for fault in wrong.errors()]) from None
    if faults := env.faults():
        raise Unfit(faults)
    return env


def _said(fault) -> str:
    name = str(fault["loc"][0])
    variable = name if name.isupper() else f"OMBUD_{name.upper()}"
    return f"{variable}: {fault['msg']}."
