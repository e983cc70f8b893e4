"""The private PostgreSQL of a clone: made, started, found again after a crash, and left alone."""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import psycopg
from psycopg import sql

from ombud.config import binaries
from ombud.config.env import NOT_OURS, Unfit, kept_secret, own_folder

SUPERUSER, OWNER, APP = "ombud", "ombud_owner", "ombud_app"
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432.lock")
PATIENCE = 60  # seconds for a start, recovery after a crash included

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
}
# Only for clusters of tests: nothing there is worth keeping.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL in a folder of its own; `tests` makes it fast, forgetful and emptiable."""

    folder: Path
    tests: bool = False
    say: Callable[[str], None] = field(default=lambda words: None, compare=False)

    def url(self, role: str = APP, database: str = "ombud") -> str:
        password = self._password(role)
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.socket), safe='')}"

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url(APP), "OMBUD_OWNER_URL": self.url(OWNER)}

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def socket(self) -> Path:
        """The folder of the socket: short, as the path of a socket may have 107 bytes at most."""
        inside = self.folder / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET:
            return inside
        return Path("/tmp") / f"ombud-{os.getuid()}-{_digest(self.folder)}"

    def start(self) -> None:
        """Make sure that it runs and has its roles; safe to call by many at once."""
        own_folder(self.folder)
        with _locked(self.folder / "starting"):
            if not self._answers():
                self._make()
                self._rise()
            self._prepare()

    def keep(self) -> None:
        """Start it again if it has died since; cheap enough to ask every moment."""
        if not _is_postgres(self._pid()):
            self.say("The database has ended.")
            self.start()

    def stop(self) -> None:
        with _locked(self.folder / "starting"):
            if (self.data / "postmaster.pid").exists():
                self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=False)

    @contextlib.contextmanager
    def running(self) -> Iterator["Cluster"]:
        """Run while anybody needs it: the last one to leave stops it."""
        own_folder(self.folder)
        with open(self.folder / "users", "w") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.start()
            try:
                yield self
            finally:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()

    def empty(self) -> None:
        """Drop the database with all it holds, and make it anew."""
        with self._connect() as connection:
            connection.execute("DROP DATABASE IF EXISTS ombud WITH (FORCE)")
            _create_database(connection, "ombud")

    # Making

    def _make(self) -> None:
        for folder in (self.data, self.socket):
            folder.mkdir(mode=0o700, exist_ok=True)
            self._hand_over(folder)
        if (self.data / "PG_VERSION").exists():
            return
        self.say("Making a database cluster ...")
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._hand_over(fresh)
        self._initialise(fresh)
        fresh.rename(self.data)  # whole or not at all: a killed start leaves no half-made cluster

    def _initialise(self, fresh: Path) -> None:
        secret = self.socket / "password"
        secret.touch(mode=0o600)
        self._hand_over(secret)
        secret.write_text(self._password(SUPERUSER))
        how = ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        if self.tests:
            how.append("--no-sync")
        try:
            self._run("initdb", "-D", fresh, "-U", SUPERUSER, "--pwfile", secret, *how)
        finally:
            secret.unlink()

    def _hand_over(self, path: Path) -> None:
        """Give a file to the user that the server runs as, when that is not us."""
        if user := self._server_user():
            os.chown(path, user.pw_uid, user.pw_gid)
        elif path.stat().st_uid != os.getuid():
            raise Unfit([NOT_OURS.format(path)])

    # Starting

    def _rise(self) -> None:
        self.say("Starting the database ...")
        until = time.monotonic() + PATIENCE
        while not self._answers():
            self._forget_the_dead()
            if time.monotonic() > until:
                log = self.data / "log"
                raise Unfit([f"The database did not start; its log is {log}."])
            # After a kill -9 the first tries may meet the backends that still have to end.
            self._run("pg_ctl", *self._start_arguments(), check=False)
            time.sleep(0.05)

    def _start_arguments(self) -> list[str | Path]:
        settings = SETTINGS | {"unix_socket_directories": f"{self.socket}"}
        if self.tests:
            settings |= CARELESS
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        return ["-D", self.data, "-w", "-t", "20", "-l", self.data / "log", "-o", options, "start"]

    def _forget_the_dead(self) -> None:
        """Drop the pid file of a postmaster that is dead, once no backend of its is left either.

        PostgreSQL itself is misled by a corpse that nobody has buried, or by a number reused.
        """
        if self._pid() and not _is_postgres(self._pid()) and not _is_lived_in(self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid(self) -> int:
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return 0

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(SUPERUSER, database), autocommit=True, connect_timeout=5)

    # Roles

    def _prepare(self) -> None:
        with self._connect() as connection:
            for role in (OWNER, APP):
                _give_role(connection, role, self._password(role))
            if self.tests:
                _allow_emptying(connection)
            elif not _has_database(connection, "ombud"):
                _create_database(connection, "ombud")

    def _password(self, role: str) -> str:
        return kept_secret(self.folder / f"{role}.password")

    # Running its programs

    def _run(self, program: str, *arguments: str | Path, check: bool = True) -> None:
        folder, extra = self._binaries()
        user = self._server_user()
        done = subprocess.run(
            [folder / program, *arguments],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **extra},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server lives
            stderr=None if check else subprocess.DEVNULL,
            **_as(user),
        )
        if check and done.returncode:
            raise Unfit([f"PostgreSQL's {program} failed; its words stand above."])

    def _binaries(self) -> tuple[Path, dict[str, str]]:
        folder = binaries.choose(self._version())
        user = self._server_user()
        if user is None or _can_run(folder / "postgres", user):
            return folder, {}
        return binaries.copied(folder, self.folder / "binaries")

    def _version(self) -> int | None:
        known = self.data / "PG_VERSION"
        return int(known.read_text()) if known.exists() else None

    def _server_user(self) -> pwd.struct_passwd | None:
        """Root may not run PostgreSQL: then whoever owns the cluster does, at first nobody."""
        if os.getuid() != 0:
            return None
        if self.data.exists() and (owner := self.data.stat().st_uid) != 0:
            return pwd.getpwuid(owner)
        return pwd.getpwnam("nobody")


def cluster_of(folder: Path, *, tests: bool = False, say=lambda words: None) -> Cluster:
    """The cluster of a data folder; elsewhere when root's folder cannot be entered by others."""
    place = folder / ("test/database" if tests else "database")
    if os.getuid() == 0 and not _is_open_to_all(folder):
        place = Path("/var/tmp") / f"ombud-{_digest(place)}"
    return Cluster(place, tests, say)


# Statements are planned once for a connection and for all values: lists walk indexes whatever they
# are asked, and planning costs more than most of our statements take.
PREPARED = {"prepare_threshold": 1, "options": "-c plan_cache_mode=force_generic_plan"}


def as_django(url: str, *, pooled: bool = False) -> dict:
    """Django's settings of a database, from its URL. Behind a pooler, connections change hands
    between transactions, and nothing is prepared."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "ombud.config.postgres",
        "NAME": unquote(parts.path.lstrip("/")) or "ombud",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or (str(parts.port) if parts.port else ""),
        "OPTIONS": {"server_side_binding": True, **({} if pooled else PREPARED), **query},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def grant_to_app(owner_url: str, app: str) -> None:
    """Let the app's role read and write what the owner makes, and make nothing itself."""
    role = sql.Identifier(app)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        if connection.info.user == app:
            return
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
            " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            connection.execute(sql.SQL(statement).format(role))


def _give_role(connection: psycopg.Connection, role: str, password: str) -> None:
    name = sql.Identifier(role)
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if not known:
        make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(make.format(name, sql.Literal(password)))
    if role == APP:
        for limit in ("lock_timeout = '15s'", "idle_in_transaction_session_timeout = '60s'"):
            connection.execute(sql.SQL("ALTER ROLE {} SET " + limit).format(name))


def _allow_emptying(connection: psycopg.Connection) -> None:
    owner = sql.Identifier(OWNER)
    connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(owner))
    emptying = "GRANT SET ON PARAMETER session_replication_role TO {}"
    connection.execute(sql.SQL(emptying).format(owner))


def _has_database(connection: psycopg.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _create_database(connection: psycopg.Connection, name: str) -> None:
    database, owner = sql.Identifier(name), sql.Identifier(OWNER)
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    app = sql.Identifier(APP)
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _can_run(program: Path, user: pwd.struct_passwd) -> bool:
    try:
        tried = subprocess.run([program, "--version"], cwd="/", capture_output=True, **_as(user))
    except PermissionError:
        return False
    return tried.returncode == 0


def _as(user: pwd.struct_passwd | None) -> dict:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _is_open_to_all(folder: Path) -> bool:
    above = [place for place in (folder, *folder.parents) if place.exists()]
    return all(place.stat().st_mode & 0o001 for place in above)


def _is_postgres(pid: int) -> bool:
    """A living postmaster; one that is dead but not yet reaped is none."""
    try:
        name, state = Path(f"/proc/{pid}/stat").read_text().split(" (")[1].split(") ")
    except (OSError, IndexError):
        return False
    return name in ("postgres", "postmaster") and not state.startswith(("Z", "X"))


def _is_lived_in(folder: Path) -> bool:
    """A process of ours has its working directory there, as every backend has."""
    return any(_workplace(process) == str(folder) for process in Path("/proc").glob("[0-9]*"))


def _workplace(process: Path) -> str:
    try:
        return os.readlink(process / "cwd")
    except OSError:
        return ""


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
