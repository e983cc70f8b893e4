"""Static files gathered under hashed names, again only when one of them has changed."""

import hashlib
import sys
from pathlib import Path

from ombud.config import household
from ombud.config.env import HERE, Unfit


def collect(folder: Path, environment: dict[str, str]) -> None:
    stamp, now = folder / ".collected", _digest()
    if stamp.exists() and stamp.read_text() == now:
        return
    command = [sys.executable, "-m", "ombud", "manage", "--"]
    command += ["collectstatic", "--noinput", "--clear", "--verbosity=0"]
    if household.run("Collecting static files", command, environment):
        raise Unfit(["The static files could not be collected; the words above say which."])
    stamp.write_text(now)


def _digest() -> str:
    digest = hashlib.sha256((HERE / "requirements.lock").read_bytes())
    for file in sorted((HERE / "ombud").glob("*/static/**/*")):
        told = file.stat()
        digest.update(f"{file.relative_to(HERE)} {told.st_size} {told.st_mtime_ns}\n".encode())
    return digest.hexdigest()
