"""`python -m ombud`: the command line."""

from ombud.config.cli import main

main()
