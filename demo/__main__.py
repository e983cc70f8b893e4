"""python -m demo: build the demo world, once; with --play, play its stories against what runs."""

import argparse
import os
import sys

import django
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
os.environ.setdefault("OMBUD_ENV", "demo")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--play", action="store_true", help="play the stories, print each step")
    asked = parser.parse_args()
    django.setup()  # what follows is found by dotted path: there are models only now
    sys.exit(import_string("demo.play.main" if asked.play else "demo.world.main")())


if __name__ == "__main__":
    main()
