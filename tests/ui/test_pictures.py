"""The page of components looks as it did; `OMBUD_PICTURES=renew` takes the pictures anew."""

import base64
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ombud.lib import clock
from tests.ui import asking, looking

KEPT = Path(__file__).parent / "pictures"
NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
VIEWS = {
    "desk-light": ((1280, 900), "light"),
    "desk-dark": ((1280, 900), "dark"),
    "phone-light": ((360, 740), "light"),
}
# Letters are drawn a little differently by every version of a browser: what counts is how much
# of the page, looked at from some distance, is of another tone.
COMPARE = """async ([one, other]) => {
  const load = async data => createImageBitmap(await (await fetch(data)).blob());
  const [a, b] = [await load(one), await load(other)];
  if (a.width !== b.width || Math.abs(a.height - b.height) > 24) return 1;
  const seen = image => {
    const canvas = new OffscreenCanvas(a.width / 4, a.height / 4), pen = canvas.getContext('2d');
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(image, 0, 0, canvas.width, image.height / 4);
    return pen.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const [p, q] = [seen(a), seen(b)];
  let off = 0;
  for (let at = 0; at < p.length; at += 4) {
    const by = [0, 1, 2].map(part => Math.abs(p[at + part] - q[at + part]));
    off += Math.max(...by) > 40;
  }
  return off / (p.length / 4);
}"""

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.ui.urls")]


@pytest.fixture
def drawn(monkeypatch) -> dict[str, str]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return {"/ui/?lang=en": asking.page("en").content.decode()}


@pytest.mark.parametrize("name", VIEWS)
def test_the_page_of_components_looks_as_it_did(drawn, chromium_path, name):
    size, scheme = VIEWS[name]
    with looking.chromium(chromium_path) as browser:
        far = {"color_scheme": scheme, "device_scale_factor": 0.5}
        page = looking.look(browser, drawn, "/ui/?lang=en", size, **far)
        page.evaluate("document.activeElement.blur()")
        taken, kept = page.screenshot(full_page=True, animations="disabled"), KEPT / f"{name}.png"
        if os.environ.get("OMBUD_PICTURES") == "renew":
            KEPT.mkdir(exist_ok=True)
            kept.write_bytes(taken)
        plain = browser.new_page()
        assert plain.evaluate(COMPARE, [as_data(kept.read_bytes()), as_data(taken)]) < 0.02


def as_data(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()
