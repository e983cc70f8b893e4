"""What `make check` asks after lint and types: are migrations and translations complete?"""

import os
import sys
import warnings
from collections.abc import Iterator
from io import StringIO

import django
from django.core.management import CommandError, call_command

from ombud.config import words

MANY = 40  # faults of one sort that are shown


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
    os.environ["OMBUD_ENV"] = "test"
    django.setup()
    found = [*_faults_of_django(), *_faults_of_migrations(), *words.faults()]
    for fault in found[:MANY]:
        print(fault)
    if len(found) > MANY:
        print(f"... and {len(found) - MANY} more.")
    print(f"Migrations and translations: {len(found) or 'no'} faults.")
    return 1 if found else 0


def _faults_of_django() -> Iterator[str]:
    try:
        call_command("check", fail_level="WARNING", stderr=StringIO())
    except CommandError as no:
        yield str(no)


def _faults_of_migrations() -> Iterator[str]:
    """Models and migrations say the same; no database is asked."""
    warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
    told = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=told)
    except SystemExit:
        yield f"Models have changed without a migration:\n{told.getvalue()}"


if __name__ == "__main__":
    sys.exit(main())
