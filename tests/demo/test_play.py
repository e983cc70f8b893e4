"""The whole demo, begun in an empty folder, plays its stories to the end, and once more."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ombud.config.env import HERE

pytestmark = pytest.mark.slow
OURS = ("OMBUD_", "DATABASE_", "DJANGO_")


@pytest.fixture(scope="module")
def folder():
    """Open to all, as the database's own user must come in when the tests run as root."""
    path = Path(tempfile.mkdtemp(prefix="ombud-demo-", dir="/var/tmp"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def played(folder) -> subprocess.CompletedProcess:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return subprocess.run(
        [sys.executable, "-m", "ombud", "demo", "--play"],
        cwd=HERE,
        env=bare | {"OMBUD_DATA": str(folder)},
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.mark.parametrize("time", ["first", "next"])
def test_every_step_holds(folder, time):
    done = played(folder)
    assert done.returncode == 0, done.stdout + done.stderr[-8000:]
    assert "Every step held" in done.stdout
    assert "told: " in done.stdout
