"""Every figure in every language and theme looks as its stored picture does, and what moved is noticed."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from pictures import sample, stored

from dashboard.dataset import Dataset
from dashboard.figures import theme as themes
from dashboard.figures.record import Line, Text
from dashboard.figures.theme import THEMES, Theme
from dashboard.pictures import draw
from tests.shipped import FIGURES

ACCEPT = "look at {page}; if that is as it should be: .venv/bin/python -m tests.pictures.stored --accept"


def test_every_figure_looks_as_stored(dataset: Dataset) -> None:
    store = stored.Store()
    found, changed = stored.compare(dataset, store)
    wrong = [d for d in found if d.seen]
    if wrong:
        page = stored.report(dataset, store, wrong, changed)
        names = [".".join(d.key) + (f" ({d.why})" if d.why else f" ({d.dots} dots)") for d in wrong]
        pytest.fail(f"{len(wrong)} pictures differ: {', '.join(names[:8])}; {ACCEPT.format(page=page)}")
    assert len(changed) < len(found) / len(THEMES), f"most figures changed; {ACCEPT.format(page='them')}"


@pytest.mark.parametrize("theme", THEMES)
def test_a_moved_label_or_another_colour_is_seen(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself: it sees a label six pixels off, a shade changed, a line gone; and only those."""
    chart = sample.gdp("zh-Hans")
    before = stored.thumbnail(chart, theme)

    def seen(other: object) -> bool:
        after = stored.thumbnail(other, theme)  # type: ignore[arg-type]
        return stored.difference(("gdp", "zh-Hans", theme), before, after).seen

    assert not seen(replace(chart, id="another"))
    text = next(m for m in chart.marks if isinstance(m, Text))
    line = next(m for m in chart.marks if isinstance(m, Line) and m.label)

    def with_(old: object, new: object) -> object:
        return replace(chart, marks=tuple(new if m is old else m for m in chart.marks))

    assert seen(with_(text, replace(text, dx=text.dx + 6, dy=text.dy + 6)))
    assert seen(with_(text, replace(text, text=text.text[:-1])))
    assert seen(with_(line, replace(line, colour="suzhou")))
    assert seen(with_(line, replace(line, label="")))
    assert seen(replace(chart, title=chart.title[1:]))
    shade = themes.mix(themes.colour("hangzhou", theme), themes.colour("paper", theme), 0.25)
    monkeypatch.setitem(themes.PALETTE[theme], "hangzhou", shade)
    assert seen(replace(chart, id="third")), "a palette's colour a quarter paler"


def test_themes_change_colours_and_nothing_else() -> None:
    """The dark and the print theme are stored small, since their geometry is the light one's."""
    for name, make in sample.ALL.items():
        drawn = [re.sub("#[0-9A-Fa-f]{6}", "#", draw(make(), theme).svg()) for theme in THEMES]
        # labels come in groups of a colour; only the groups may differ
        bare = [sorted(re.sub(r"</?g[^>]*>", "", d).replace("><", ">\n<").split("\n")) for d in drawn]
        assert bare[0] == bare[1] == bare[2], name


def test_every_figure_says_something_in_five_seconds() -> None:
    glances = json.loads(stored.FIVE_SECONDS.read_text("utf-8"))
    assert sorted(glances) == sorted(FIGURES)
    assert all(sentence.endswith(".") and len(sentence.split()) <= 18 for sentence in glances.values())
