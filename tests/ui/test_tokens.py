"""The colours can be read: computed from the tokens, in both themes."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

CSS = Path(finders.find("theme.css")).read_text()
NAMES = ("accent", "neutral", "success", "warning", "danger")


def tokens(selector: str) -> dict[str, str]:
    """The declarations of the last block that stands under exactly this selector."""
    blocks = re.findall(re.escape(selector) + r" \{\n(.*?)\n *\}", CSS, re.S)
    return dict(re.findall(r"--ds-color-([\w-]+): (#[0-9a-f]{6});", blocks[-1]))


THEMES = {
    "light": tokens(":root,\n[data-color-scheme]"),
    "dark": tokens('[data-color-scheme="dark"]'),
}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def grounds(theme: dict[str, str], name: str) -> list[str]:
    shared = ["neutral-background-default", "neutral-surface-default", "neutral-surface-tinted"]
    own = [f"{name}-background-tinted", f"{name}-surface-tinted"]
    return [theme[token] for token in (*shared, *own)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
class TestContrast:
    def test_text_stands_out_from_every_ground(self, theme, name):
        for token in ("text-subtle", "text-default"):
            least = min(contrast(theme[f"{name}-{token}"], g) for g in grounds(theme, name))
            assert least >= 4.5, token

    def test_edges_of_controls_stand_out(self, theme, name):
        for token in ("border-default", "border-strong", "base-default"):
            least = min(contrast(theme[f"{name}-{token}"], g) for g in grounds(theme, name))
            assert least >= 3, token

    def test_words_on_buttons_stand_out(self, theme, name):
        words = theme[f"{name}-base-contrast-default"]
        for token in ("base-default", "base-hover", "base-active"):
            assert contrast(words, theme[f"{name}-{token}"]) >= 4.5, token

    def test_words_stand_out_under_the_pointer(self, theme, name):
        assert contrast(theme[f"{name}-text-subtle"], theme[f"{name}-surface-hover"]) >= 4.5
        assert contrast(theme[f"{name}-text-default"], theme[f"{name}-surface-active"]) >= 4.5

    def test_the_focus_ring_stands_out(self, theme, name):
        assert all(contrast(theme["focus-outer"], g) >= 3 for g in grounds(theme, name))
        assert contrast(theme["focus-outer"], theme["focus-inner"]) >= 3


def test_the_dark_theme_is_the_same_by_choice_and_by_wish():
    assert THEMES["dark"] == tokens('[data-color-scheme="auto"]')
    assert THEMES["dark"].keys() == THEMES["light"].keys()
