"""Files in tests: handed in by somebody, their bytes in a folder of the run."""

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from ombud.cases import files
from ombud.cases.models import Document
from tests.cast import CastTest
from tests.desk.papers import pdf

PLAN = "Plan för åtgärd.pdf"


class Filing:
    def a_file(self, person=None, name=PLAN, content=None) -> Document:
        """Handed in, and in no case yet."""
        upload = SimpleUploadedFile(name, content or pdf())
        return files.keep(upload, by=self.actor(person or self.kari))

    def a_draft_with(self, *names):
        rows = [self.a_file(name=name) for name in names or (PLAN,)]
        return self.a_draft(attachments=[str(row.key) for row in rows])

    def names(self, order):
        return [row.name for row in self.again(order).attached]

    def is_kept(self, row: Document) -> bool:
        return default_storage.exists(files.path_of(row.content))


class FilingTest(Filing, CastTest):
    pass
