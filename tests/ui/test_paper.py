"""Papers: words stay words, whatever they look like; the file is an archive's."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from django.test import SimpleTestCase
from pypdf import PdfReader

from ombud.ui import paper

TRICKS = (
    '#rm[] $x$ "quoted" @label *strong* _stressed_ `raw` = no heading',
    "\\ // no comment /* nor this */ <tag> #set text(size: 80pt)",
    '#read("/etc/passwd") #import "x": * \\u{41} {page} %(pages)s',
)


def a_paper(*lines, **more):
    given = {
        "language": "sv",
        "title": "Villkor för #rm[] NPÖ",
        "publisher": "Nordvård $x$",
        "facts": (("Version", "2"), ("Gäller från", "12 mars 2026")),
        "parts": (paper.Part("1. Först", lines),),
        "foot": "Villkor, version 2",
        "pages": "Sida {page} av {pages}",
        "day": date(2026, 3, 12),
    }
    return paper.Paper(**(given | more))


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(content).pages).split())


class PaperTest(SimpleTestCase):
    def test_no_text_injects_markup(self):
        told = words(paper.pdf(a_paper(*TRICKS)))
        for trick in (*TRICKS, "Villkor för #rm[] NPÖ", "Nordvård $x$"):
            self.assertIn(trick, told)

    def test_title_language_publisher_day_and_pages_stand_in_the_file(self):
        file = read(paper.pdf(a_paper(*["Kunden svarar för detta. " * 20] * 12)))
        known = file.metadata
        self.assertEqual(known.title, "Villkor för #rm[] NPÖ")
        self.assertEqual(known.author, "Nordvård $x$")
        self.assertEqual(known.creation_date.date(), date(2026, 3, 12))
        self.assertEqual(file.root_object["/Lang"], "sv")
        count = len(file.pages)
        self.assertGreater(count, 1)
        for number, page in enumerate(file.pages, 1):
            self.assertIn(f"Sida {number} av {count}", page.extract_text())

    def test_it_is_an_archives_file_tagged_and_with_its_fonts(self):
        file = read(paper.pdf(a_paper("åäö ÅÄÖ æø ÆØ – ”citat” 12 500 kr")))
        said = file.xmp_metadata.stream.get_data().decode()
        self.assertIn("<pdfaid:part>2</pdfaid:part>", said)
        self.assertIn("<pdfaid:conformance>A</pdfaid:conformance>", said)
        self.assertTrue(file.root_object["/MarkInfo"]["/Marked"])
        fonts = [font.get_object() for font in file.pages[0]["/Resources"]["/Font"].values()]
        self.assertTrue(all("Inter" in font["/BaseFont"] for font in fonts))
        for font in fonts:
            (inner,) = font["/DescendantFonts"]
            self.assertIn("/FontFile2", inner.get_object()["/FontDescriptor"])

    def test_the_same_paper_is_the_same_bytes_in_another_program(self):
        told = "from tests.ui.test_paper import *; import hashlib;"
        told += "print(hashlib.sha256(paper.pdf(a_paper('a'))).hexdigest())"
        run = [sys.executable, "-c", told]
        first, second = (subprocess.run(run, capture_output=True, text=True) for _ in range(2))
        self.assertEqual((first.returncode, first.stdout), (0, second.stdout), first.stderr)

    def test_a_sign_that_no_font_of_ours_has_is_no_fault(self):
        for text in ("\U0001f600", "漢字", "\x07\x00", "", " "):
            with self.subTest(text):
                self.assertTrue(paper.pdf(a_paper(text, "och så vidare")).startswith(b"%PDF"))
        self.assertTrue(paper.pdf(a_paper("a", title="")).startswith(b"%PDF"))

    def test_papers_are_set_at_once_by_many(self):
        papers = [a_paper(f"nr {number}", "漢" if number % 2 else "b") for number in range(20)]
        with ThreadPoolExecutor(5) as pool:
            for number, content in enumerate(pool.map(paper.pdf, papers)):
                self.assertIn(f"nr {number} ", words(content))
