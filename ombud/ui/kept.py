"""Templates as they were compiled before: a process that starts need not take them apart again,
which costs it time and some megabytes for as long as it runs."""

import contextlib
import hashlib
import os
import stat
from pathlib import Path

import jinja2
from django.conf import settings
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from ombud.lib import counts, days, identifiers, money, phones

HERE = Path(__file__).parent
# What of ours says how a template is compiled; filters write what never varies into it.
MADE_BY = [HERE / name for name in ("engine.py", "tongues.py", "marks.py")]
MADE_BY += [Path(str(module.__file__)) for module in (counts, days, identifiers, money, phones)]


class Compiled(FileSystemBytecodeCache):
    """A folder of the house's own. Where it cannot be written, templates are compiled each time."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def compiled(language: str) -> Compiled | None:
    """Those of one language. Their words are written into them, so other words, or another way to
    compile, make another folder; another source is noticed by Jinja itself."""
    folder = settings.DATA / "templates" / f"{language}-{digest(language)}"
    return Compiled(str(folder)) if is_ours(folder) else None


def is_ours(folder: Path) -> bool:
    """What lies there is run: nobody else may have put it there, all the way from the data."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return all(is_owned(one) for one in (settings.DATA, folder.parent, folder))
    except OSError:
        return False


def is_owned(folder: Path) -> bool:
    told = folder.lstat()
    is_writable_by_others = told.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(told.st_mode) and told.st_uid == os.getuid() and not is_writable_by_others


def digest(language: str) -> str:
    found = hashlib.sha256(jinja2.__version__.encode())
    words = [Path(place) / language / "LC_MESSAGES/django.mo" for place in settings.LOCALE_PATHS]
    for file in [*MADE_BY, *words]:
        found.update(file.read_bytes() if file.exists() else b"-")
    return found.hexdigest()[:12]
