"""One call as both surfaces understand it, and what doing it changes."""

import base64
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from sandbox import web
from sandbox.agiloft.records import Records
from sandbox.agiloft.wrong import No

Pairs = list[tuple[str, str]]


@dataclass
class Call:
    op: str
    kb: str = ""
    table: str = ""
    id: str = ""
    pairs: Pairs = field(default_factory=list)
    """Every parameter, of the address and of the body, as it came."""
    fields: dict[str, Any] = field(default_factory=dict)
    user: str = ""

    def said(self, name: str, default: str = "") -> str:
        return next((value for known, value in self.pairs if known == name), default)

    def every(self, name: str) -> list[str]:
        return [value for known, value in self.pairs if known == name]


def form_of(request: web.Request) -> Pairs:
    kind = request.headers.get("content-type", "")
    if "multipart" in kind:
        known = [(part_name(part), part) for part in parts_of(request) if not part.get_filename()]
        return [(name, str(part.get_payload(decode=True), "utf-8")) for name, part in known]
    if not request.body or "json" in kind:
        return []
    return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def gathered(pairs: Pairs, without: set[str]) -> dict[str, Any]:
    """The fields of a record among parameters; a name that stands twice is a list."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name.startswith("$") or name in without or "$" in name:
            continue
        known = found.get(name)
        more = [*known, value] if isinstance(known, list) else [known, value]
        found[name] = value if known is None else more
    return found


def upsert(records: Records, call: Call, query: str) -> tuple[int, str]:
    """Status and number: 201 made, 200 changed; several that match are nobody's."""
    found = records.found(call.kb, call.table, query)
    if len(found) > 1:
        raise No(409, f"{len(found)} records match {query}", "EWIntegrityException")
    if found:
        records.update(call.kb, call.table, found[0][0], call.fields, by=call.user)
        return 200, found[0][0]
    return 201, records.create(call.kb, call.table, call.fields)


def quoted(name: str, value: str) -> str:
    plain = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{plain}'"


def page_of(records: Records, call: Call, rows: list[Any]) -> list[Any]:
    """Each page asks anew; where pages are unstable the last of the page before comes again."""
    limit, page = int(call.said("limit", "0") or 0), int(call.said("page", "0") or 0)
    if not limit:
        return rows
    start = page * limit - (1 if page and records.options.unstable else 0)
    return rows[max(0, start) : max(0, start) + limit]


def attach(records: Records, call: Call, request: web.Request) -> int:
    records.one(call.kb, call.table, call.id)
    name, content, kind = upload_of(request)
    row = {
        "fileName": call.said("fileName") or name,
        "type": kind,
        "data": base64.b64encode(content).decode(),
    }
    kept = records.files(call.table, call.id, call.said("field"))
    if call.said(f"{call.said('field')}$overwrite"):
        kept.clear()
    kept.append(row)
    records.keep()
    return len(kept)


def upload_of(request: web.Request) -> tuple[str, bytes, str]:
    kind = request.headers.get("content-type", "")
    if "multipart" not in kind:
        return "", request.body, kind or "application/octet-stream"
    for part in parts_of(request):
        if part.get_filename():
            content = part.get_payload(decode=True)
            return str(part.get_filename()), content, part.get_content_type()
    raise No(400, "No file was sent")


def parts_of(request: web.Request) -> list[Any]:
    kind = request.headers.get("content-type", "")
    whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.body)
    found = whole.get_payload()
    return found if isinstance(found, list) else []


def part_name(part: Any) -> str:
    return str(part.get_param("name", "", "content-disposition"))


def file_of(records: Records, call: Call) -> dict[str, str]:
    kept = records.files(call.table, call.id, call.said("field"))
    place = int(call.said("filePosition", "0") or 0)
    if not 0 <= place < len(kept):
        raise No(400, f"No file at position {place}")
    return kept[place]


def info_of(records: Records, call: Call) -> list[dict[str, Any]]:
    return [
        {
            "fileName": row["fileName"],
            "size": len(base64.b64decode(row["data"])),
            "filePosition": place,
        }
        for place, row in enumerate(records.files(call.table, call.id, call.said("field")))
    ]


def remove(records: Records, call: Call) -> int:
    records.files(call.table, call.id, call.said("field")).remove(file_of(records, call))
    records.keep()
    return len(records.files(call.table, call.id, call.said("field")))


def queue(records: Records, what: str, kind: str = "done") -> str:
    """Something that is done later; each look at it brings it a step on."""
    queued = records.state["queued"]
    name = f"{10100 + len(queued)}_1"
    queued[name] = {"what": what, "looks": 0, "end": 501 if kind == "failed" else 200}
    records.keep()
    return name


def look(records: Records, name: str) -> int:
    """201 queued, 202 running, then 200 done or 501 failed; 523 where nobody knows it."""
    found = records.state["queued"].get(name)
    if found is None:
        return 523
    found["looks"] += 1
    records.keep()
    return {1: 201, 2: 202}.get(found["looks"], found["end"])
