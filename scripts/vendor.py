"""Fetch the third-party front-end files from their npm packages; run only when one is renewed."""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
STATIC = HERE / "ombud/ui/static/vendor"
PAPER = HERE / "ombud/ui/paper/fonts"
TESTS = HERE / "tests/vendor"

# package, version, what we take: (path in the package, path in the project)
PACKAGES = [
    (
        "@digdir/designsystemet-css",
        "1.22.0",
        [
            ("dist/src/index.css", STATIC / "designsystemet/components.css"),
            ("dist/theme/designsystemet.css", STATIC / "designsystemet/tokens.css"),
            ("LICENSE", STATIC / "designsystemet/LICENSE"),
        ],
    ),
    (
        "@digdir/designsystemet-web",
        "1.22.0",
        [("dist/umd/index.js", STATIC / "designsystemet/elements.js")],
    ),
    (
        "@fontsource-variable/inter",
        "5.3.0",
        [
            ("files/inter-latin-wght-normal.woff2", STATIC / "inter/latin.woff2"),
            ("files/inter-latin-ext-wght-normal.woff2", STATIC / "inter/latin-ext.woff2"),
            ("LICENSE", STATIC / "inter/LICENSE"),
        ],
    ),
    (
        "@expo-google-fonts/inter",
        "0.4.2",
        [
            ("400Regular/Inter_400Regular.ttf", PAPER / "Inter-Regular.ttf"),
            ("600SemiBold/Inter_600SemiBold.ttf", PAPER / "Inter-SemiBold.ttf"),
            ("LICENSE_FONT", PAPER / "LICENSE"),
        ],
    ),
    (
        "htmx.org",
        "2.0.11",
        [
            ("dist/htmx.min.js", STATIC / "htmx/htmx.min.js"),
            ("LICENSE", STATIC / "htmx/LICENSE"),
        ],
    ),
    (
        "axe-core",
        "4.14.1",
        [("axe.min.js", TESTS / "axe.min.js"), ("LICENSE", TESTS / "axe.LICENSE")],
    ),
]
ICON_PACKAGE, ICON_VERSION = "@navikt/aksel-icons", "8.16.2"
ICON_TEMPLATE = HERE / "ombud/ui/jinja2/icons.html"
# our word for it: its name in the package
ICONS = {
    "home": "House",
    "approvals": "SealCheckmark",
    "cases": "Folder",
    "order": "ShoppingBasket",
    "bell": "Bell",
    "organisation": "Buildings2",
    "agent": "Handshake",
    "search": "MagnifyingGlass",
    "language": "Globe",
    "person": "PersonCircle",
    "people": "PersonGroup",
    "leave": "Leave",
    "more": "MenuHamburger",
    "menu": "MenuElipsisHorizontal",
    "down": "ChevronDown",
    "up": "ChevronUp",
    "right": "ChevronRight",
    "left": "ChevronLeft",
    "sort": "ChevronUpDown",
    "arrow_right": "ArrowRight",
    "arrow_left": "ArrowLeft",
    "check": "Checkmark",
    "check_circle": "CheckmarkCircleFill",
    "cross": "XMark",
    "cross_circle": "XMarkOctagonFill",
    "warning": "ExclamationmarkTriangleFill",
    "info": "InformationSquareFill",
    "question": "QuestionmarkCircle",
    "clock": "Clock",
    "hourglass": "Hourglass",
    "calendar": "Calendar",
    "circle": "Circle",
    "slash": "CircleSlash",
    "copy": "Files",
    "print": "PrinterSmall",
    "paperclip": "Paperclip",
    "file": "File",
    "download": "Download",
    "external": "ExternalLink",
    "edit": "Pencil",
    "remove": "Trash",
    "add": "Plus",
    "phone": "Phone",
    "mobile": "Mobile",
    "envelope": "EnvelopeClosed",
    "chat": "Chat",
    "filter": "Funnel",
    "lock": "PadlockLocked",
    "qr": "QrCode",
    "recall": "ArrowUndo",
    "again": "ArrowsCirclepath",
    "sun": "Sun",
    "moon": "Moon",
    "inbox": "Inbox",
    "eye": "Eye",
    "key": "KeyHorizontal",
    "receipt": "Receipt",
    "bullet": "CircleFill",
}


def main() -> None:
    if shutil.which("npm") is None:
        sys.exit("npm is needed to renew the vendored files; the committed ones need nothing.")
    with tempfile.TemporaryDirectory() as folder:
        for package, version, wanted in PACKAGES:
            print(f"{package} {version}")
            take(fetch(package, version, Path(folder)), wanted)
        print(f"{ICON_PACKAGE} {ICON_VERSION}")
        ICON_TEMPLATE.write_text(icons(fetch(ICON_PACKAGE, ICON_VERSION, Path(folder))))


def fetch(package: str, version: str, folder: Path) -> tarfile.TarFile:
    packing = ["npm", "pack", "--json", "--silent", f"{package}@{version}"]
    done = subprocess.run(packing, cwd=folder, check=True, capture_output=True, text=True)
    return tarfile.open(folder / json.loads(done.stdout)[0]["filename"])


def take(package: tarfile.TarFile, wanted: list[tuple[str, Path]]) -> None:
    for source, target in wanted:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(without_map(content(package, source)))


def content(package: tarfile.TarFile, path: str) -> bytes:
    stream = package.extractfile(f"package/{path}")
    if stream is None:
        sys.exit(f"{package.name!s} holds no {path}.")
    return stream.read()


def without_map(raw: bytes) -> bytes:
    """A pointer to a source map that we do not carry would break the hashing of file names."""
    return re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\s*]+( ?\*/)?", b"", raw)


def icons(package: tarfile.TarFile) -> str:
    drawn = ",\n".join(
        f"  \"{name}\": '{paths(content(package, f'dist/svg/{source}.svg'))}'"
        for name, source in ICONS.items()
    )
    return FRAME.replace("VERSION", ICON_VERSION).replace("DRAWN", drawn)


def paths(drawing: bytes) -> str:
    inner = re.sub(r"</?svg[^>]*>", "", drawing.decode())
    return re.sub(r"\s*\n\s*", "", inner).replace(' fill="currentColor"', "")


FRAME = """\
{#- Written by scripts/vendor.py from @navikt/aksel-icons VERSION (MIT): change it there. -#}
{%- set drawn = {
DRAWN
} -%}
{%- macro icon(name, label="", size=24) -%}
<svg class="icon" width="{{ size }}" height="{{ size }}" viewBox="0 0 24 24" fill="currentColor"
 focusable="false" {% if label %}role="img" aria-label="{{ label }}"
{%- else %}aria-hidden="true"{% endif %}>{{ drawn[name] | safe }}</svg>
{%- endmacro -%}
"""

if __name__ == "__main__":
    main()
