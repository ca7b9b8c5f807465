"""Pages wear the theme's own colours, readable ones."""

from __future__ import annotations

import pytest

from dashboard import tokens
from dashboard.figures.theme import PALETTE


def test_the_style_sheet_is_the_theme() -> None:
    assert tokens.PATH.read_text("utf-8") == tokens.css()


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two #RRGGBB colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("role", ["ink", "muted", "supported", "contradicted", "mixed", "no_public_data"])
def test_words_can_be_read(theme: str, role: str) -> None:
    palette = PALETTE[theme]  # type: ignore[index]
    assert contrast(palette[role], palette["paper"]) >= 4.5
