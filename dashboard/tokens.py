"""Writes the colours of ``figures/palette.json`` as CSS custom properties: ``python -m dashboard.tokens``.

``assets/css/tokens.css`` is generated, so that pages, charts and pictures agree; a test compares them.
"""

from dashboard.figures.theme import PALETTE, THEMES
from dashboard.paths import ASSETS

PATH = ASSETS / "css" / "tokens.css"


def css() -> str:
    light, dark, paper = (
        " ".join(f"--{role}: {colour.lower()};" for role, colour in PALETTE[theme].items())
        for theme in THEMES
    )
    return (
        "/* Written by `python -m dashboard.tokens` from figures/palette.json: change colours there. */\n"
        f":root {{ color-scheme: light; {light} }}\n"
        f":root[data-theme=dark] {{ color-scheme: dark; {dark} }}\n"
        "@media (prefers-color-scheme: dark) {\n"
        f"  :root:not([data-theme=light]) {{ color-scheme: dark; {dark} }}\n"
        "}\n"
        f"@media print {{ :root:root, :root[data-theme] {{ color-scheme: light; {paper} }} }}\n"
    )


if __name__ == "__main__":
    PATH.write_text(css(), encoding="utf-8")
