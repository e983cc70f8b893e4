"""docs/api.md walks roads that are there."""

import json
import re
from pathlib import Path

from django.test import SimpleTestCase

from ombud.desk.api.door import api

DOC = Path("docs/api.md").read_text(encoding="utf-8")
BLOCKS = "\n".join(re.findall(r"```bash\n(.*?)```", DOC, re.DOTALL))
NAMES = {"$order": "{number}", "$agreement": "{number}", "$id": "{signing}"}
NAMES |= {"$file": "{document}", "npo": "{key}", "$leaver": "{person}"}
NAMES |= {"$card": "{card}", "$repair": "{number}"}


def walked() -> dict[str, bool]:
    """Each address that a command of the page goes to, and whether something is sent there."""
    found = {}
    for line in re.split(r"\n(?=\S)", BLOCKS.replace("\\\n", " ")):
        for address in re.findall(r'"\$api(/[^"?]*)[^"]*"', line):
            parts = [NAMES.get(part, part) for part in address.split("/")]
            found["/api/v1" + "/".join(parts)] = " -d " in line or " -X POST " in line
    return found


class DocTest(SimpleTestCase):
    def test_every_command_goes_where_the_openapi_document_knows_a_door(self):
        paths = api.get_openapi_schema()["paths"]
        self.assertGreater(len(walked()), 12)
        for path, sends in walked().items():
            self.assertIn(path, paths)
            if sends:
                self.assertIn("post", paths[path], path)

    def test_the_whole_story_is_walked(self):
        self.assertIn("/api/v1/documents", walked())
        for deed in ("save", "send", "approve", "attest", "start", "report_connected"):
            self.assertIn(f"/api/v1/cases/{{number}}/{deed}", walked())

    def test_what_is_sent_fits_its_shape(self):
        for deed, body in re.findall(r"cases/\$order/(\w+)\" -d '(.*?)'", BLOCKS, re.DOTALL):
            schema = api.get_openapi_schema()["components"]["schemas"][deed.title()]
            self.assertLessEqual(set(json.loads(body)), set(schema["properties"]), deed)
