"""Files over the programs' door: what is let in, why not, and who may fetch it."""

import uuid

from ombud.cases import files
from ombud.cases.models import Document
from tests.cast import CastTest
from tests.desk.papers import a_picture, jpeg, packed, pdf, png, upload


class FilesTest(CastTest):
    def hand_in(self, name, content, person=None):
        person = person or self.kari
        here = self.agent if person in (self.ola, self.eva) else self.customer
        headers = {"Authorization": f"Bearer token of {person.username} at {here.number}"}
        body = {"file": upload(name, content)}
        return self.client.post("/api/v1/documents", body, headers=headers)

    def test_a_file_is_kept_word_for_word(self):
        for name, content, kind in (
            ("plan.pdf", pdf(), "application/pdf"),
            ("Plan.PDF", packed(b"<< /Type /Page >>"), "application/pdf"),
            ("ward.jpg", jpeg(), "image/jpeg"),
            ("ward.jpeg", jpeg(), "image/jpeg"),
            ("ward.png", png(), "image/png"),
        ):
            told = self.hand_in(name, content)
            self.assertEqual(told.status_code, 201, (name, told.content))
            document = told.json()
            self.assertEqual((document["name"], document["media_type"]), (name, kind))
            self.assertEqual((document["size"], document["case"]), (len(content), None))
            self.assertEqual(told.headers["Location"], document["href"])
            fetched = self.as_api(self.kari, "get", f"documents/{document['id']}")
            self.assertEqual(b"".join(fetched.streaming_content), content)
            self.assertEqual(fetched.headers["Content-Type"], kind)

    def test_what_is_not_what_it_says_is_refused_with_the_reason(self):
        for name, content in (
            ("plan.exe", b"MZ"),
            ("plan", pdf()),
            ("plan.svg", b"<svg/>"),
            ("plan.pdf", b""),
            ("plan.pdf", b"<html>"),
            ("plan.pdf", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"),
            ("plan.pdf", png()),
            ("plan.pdf", pdf()[:-40]),
            ("plan.pdf", pdf() + b"PK\x03\x04" + b"x" * 3000),
            ("plan.pdf", pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")),
            ("plan.pdf", pdf(b"/OpenAction << /S /J#61vaScript >>")),
            ("plan.pdf", packed(b"<< /S /Launch /F (cmd) >>")),
            ("plan.pdf", packed(b"<< /S /Page >>" + b" " * 70_000_000)),
            ("ward.jpg", b"<html><script>"),
            ("ward.jpg", png()),
            ("ward.jpg", jpeg(end=b"")),
            ("ward.jpg", jpeg() + b"PK\x03\x04"),
            ("ward.jpg", jpeg()[:12]),
            ("ward.png", png(30_000, 30_000)),
            ("ward.jpg", jpeg(30_000, 30_000)),
            ("ward.png", png(0, 1)),
            ("ward.png", png(more=b"PK\x03\x04")),
            ("ward.png", png()[:-6]),
            ("ward.png", png().replace(b"IDAT", b"IDAX")),
        ):
            told = self.hand_in(name, content)
            self.assertEqual(told.status_code, 422, (name, content[:40], told.content))
            (fault,) = told.json()["errors"]
            self.assertEqual(fault["field"], "file")
            self.assertTrue(fault["text"])
        self.assertEqual(Document.objects.count(), 0)

    def test_ten_megabytes_are_the_most(self):
        just = pdf(b"% " + b"x" * (files.LARGEST - len(pdf()) - 2))
        self.assertEqual(len(just), files.LARGEST)
        self.assertEqual(self.hand_in("plan.pdf", just).status_code, 201)
        self.assertEqual(self.hand_in("plan.pdf", just + b"\n").status_code, 413)
        headers = {"Authorization": f"Bearer token of kari at {self.customer.number}"}
        kind = "multipart/form-data; boundary=x"
        huge = {"CONTENT_LENGTH": str(10 * 1024**3)}
        told = self.client.generic(
            "POST", "/api/v1/documents", b"--x", kind, headers=headers, **huge
        )
        self.assertEqual(told.status_code, 413)

    def test_a_body_that_is_no_file(self):
        headers = {"Authorization": f"Bearer token of kari at {self.customer.number}"}
        told = self.client.post("/api/v1/documents", {"a": "b"}, headers=headers)
        self.assertEqual(told.status_code, 422, told.content)
        self.assertEqual(self.as_api(self.kari, "post", "documents", {"a": 1}).status_code, 415)
        broken = "multipart/form-data; boundary="
        told = self.client.generic("POST", "/api/v1/documents", b"x", broken, headers=headers)
        self.assertEqual(told.status_code, 400, told.content)

    def test_a_name_is_only_a_name(self):
        for name, kept in (
            ("../../etc/plan.pdf", "plan.pdf"),
            ("C:\\temp\\plan.pdf", "plan.pdf"),
            ("plan\u202efdp.pdf", "planfdp.pdf"),
            ("plan\x07.pdf", "plan.pdf"),
            ("å" * 300 + ".pdf", "å" * 180 + ".pdf"),
        ):
            self.assertEqual(files.tidy(name), kept)

    def test_a_file_is_fetched_but_never_run(self):
        document = self.hand_in("Plan för åtgärd.pdf", pdf()).json()
        told = self.as_api(self.kari, "get", f"documents/{document['id']}")
        disposition = told.headers["Content-Disposition"]
        self.assertTrue(disposition.startswith("attachment; filename*=utf-8''Plan%20f%C3%B6r"))
        self.assertEqual(told.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", told.headers["Content-Security-Policy"])

    def test_until_it_is_placed_a_file_is_its_owners_alone(self):
        document = self.hand_in("plan.pdf", pdf()).json()
        unknown = self.as_api(self.liv, "get", f"documents/{uuid.uuid4()}")
        for person in (self.liv, self.ola, self.kim, self.per):
            told = self.as_api(person, "get", f"documents/{document['id']}")
            self.assertEqual((told.status_code, told.content), (404, unknown.content))

    def test_a_placed_file_is_seen_by_its_circle(self):
        order = self.a_sent_order()
        for circle, seers in (("case", (self.kari, self.ola)), ("agent", (self.ola,))):
            key = self.hand_in("plan.pdf", pdf(), self.ola).json()["id"]
            Document.objects.filter(key=key).update(case=order.case, circle=circle, loose_at=None)
            path = f"cases/{order.case.number}/documents"
            for person in (self.kari, self.ola):
                told = self.as_api(person, "get", f"documents/{key}")
                listed = self.as_api(person, "get", path).json()["items"]
                self.assertEqual(told.status_code, 200 if person in seers else 404)
                self.assertEqual(key in [one["id"] for one in listed], person in seers)
        self.assertEqual(self.as_api(self.per, "get", f"documents/{key}").status_code, 404)

    def test_a_file_that_is_gone_is_gone(self):
        key = self.hand_in("ward.png", a_picture().read()).json()["id"]
        Document.objects.filter(key=key).update(content=uuid.uuid4())
        self.assertEqual(self.as_api(self.kari, "get", f"documents/{key}").status_code, 410)
