"""The catalogues: gather what code and pages say, list what lacks words, fill words in.

messages.py                  update ombud/locale/*/LC_MESSAGES/django.po
messages.py missing [--json] list what is not translated
messages.py fill FILE.json   take [{"context", "id", "plural"?, "sv": "..." or [...], "nb": ...}]
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from babel.messages import Catalog, Message

from ombud.config import words


def update() -> None:
    template = words.extracted()
    for language in words.LANGUAGES:
        catalog = words.updated(language, template)
        words.write(catalog, language)
        lacking = sum(words.is_missing(message) for message in words.said(catalog))
        print(f"{language}: {len(catalog)} strings, {lacking} to translate")


def missing(as_json: bool) -> None:
    template = words.extracted()
    known = {language: words.read(language) for language in words.LANGUAGES}
    rows = [row for message in words.said(template) if (row := _row(message, known))["missing"]]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print(f"{','.join(row['missing'])}: {row['id']!r}  ({row['where']})")


def fill(path: str) -> None:
    """Write given translations into the catalogues, which are updated on the way."""
    rows = json.loads(Path(path).read_text())
    template = words.extracted()
    for language in words.LANGUAGES:
        catalog = words.updated(language, template)
        filled = sum(_fill(catalog, row, row[language]) for row in rows if row.get(language))
        words.write(catalog, language)
        print(f"{language}: {filled} strings filled in")


def _row(message: Message, known: dict[str, Catalog]) -> dict:
    single = isinstance(message.id, str)
    lacking = [
        language
        for language, catalog in known.items()
        if words.is_missing(catalog.get(message.id, message.context))
    ]
    return {
        "context": message.context,
        "id": message.id if single else message.id[0],
        "plural": None if single else message.id[1],
        "missing": lacking,
        "where": ", ".join(sorted({name for name, _ in message.locations})),
    }


def _fill(catalog: Catalog, row: dict, told: str | list[str]) -> bool:
    plural = row.get("plural")
    found = catalog.get((row["id"], plural) if plural else row["id"], row.get("context"))
    if found is None:
        print(f"Nobody says {row['id']!r} (any more).", file=sys.stderr)
        return False
    found.string = tuple(told) if isinstance(told, list) else told
    found.flags.discard("fuzzy")
    return True


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            update()
        case ["missing", *rest]:
            missing("--json" in rest)
        case ["fill", path]:
            fill(path)
        case _:
            sys.exit(__doc__)
