"""Papers: what is kept and printed as a file of its own, typeset as PDF.

The words go in as data and are never read as markup; the fonts go in from the folder beside.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

HERE = Path(__file__).parent
# An archive's PDF (PDF/A-2a): fonts within, tagged for a screen reader; and PDF/UA-1.
STANDARDS: list[Any] = ["a-2a", "ua-1"]
ONE_AT_A_TIME = Lock()  # a press that is at work refuses a second thread


@dataclass(frozen=True)
class Part:
    """A paragraph, line by line, below its heading where it has one."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """What stands on a paper. `pages` says "Page {page} of {pages}"; the day is the paper's own,
    so that the same paper is the same bytes whenever it is set."""

    language: str
    title: str
    publisher: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    foot: str
    pages: str
    day: date


def pdf(paper: Paper) -> bytes:
    """A few milliseconds a page. A character that our fonts lack bars the archive's standard: then
    it is a plain PDF, with the fonts of the machine."""
    told = asdict(paper) | {"day": [paper.day.year, paper.day.month, paper.day.day]}
    given = json.dumps(told)
    try:
        return pressed(press(), given, STANDARDS)
    except typst.TypstError:
        return pressed(press(all_fonts=True), given, None)


def pressed(by: typst.Compiler, given: str, standards: list[Any] | None) -> bytes:
    with ONE_AT_A_TIME:
        content = by.compile(sys_inputs={"paper": given}, pdf_standards=standards, timestamp=0)
    assert isinstance(content, bytes)
    return content


@cache
def press(all_fonts: bool = False) -> typst.Compiler:
    """Fonts and template, read once; no template sees a file outside this folder."""
    return typst.Compiler(
        HERE / "paper.typ",
        root=HERE,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=not all_fonts,
    )
