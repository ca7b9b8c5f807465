"""Who follows docs/extending.md gets a chart type: tab, answer, keys, files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import locale
from dashboard.app import create_app
from dashboard.dataset import LANGS, Dataset
from dashboard.explore import views
from dashboard.explore.answer import chart_answer, points_answer
from dashboard.explore.parse import parse
from dashboard.pages.explore_answers import version

MANUAL = Path(__file__).parents[2] / "docs" / "extending.md"
BLOCK = re.compile(r"   ```python dashboard/explore/views/(\w+)\.py\n(.*?)   ```", re.S)


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The manual's module beside the views that ship, and its name among the messages."""
    name, code = BLOCK.search(MANUAL.read_text("utf-8")).groups()  # type: ignore[union-attr]
    (tmp_path / f"{name}.py").write_text(re.sub(r"^   ", "", code, flags=re.M), "utf-8")
    monkeypatch.setattr(views, "__path__", [*views.__path__, str(tmp_path)])
    for lang in LANGS:
        monkeypatch.setitem(locale.messages(lang), f"explorer.view.{name}", "Dots")
    views.every.cache_clear()
    yield name
    views.every.cache_clear()


def test_a_chart_type_is_its_module_and_its_name(added: str, dataset: Dataset) -> None:
    query = f"i=gdp&e=shenzhen~hangzhou~suzhou&v={added}"
    state, dropped = parse(query, dataset)
    assert not dropped
    assert views.names()[3] == added  # after the ranking, by its order
    for lang in LANGS:
        answer = chart_answer(dataset, state, lang, 920, "light")
        assert answer["figure"]["data"]
        assert answer["title"]
    assert [len(s) for s in points_answer(dataset, state, "en", 358)["series"]] == [1, 1, 1]
    client = create_app(dataset).server.test_client()
    page = client.get(f"/en/explore?{query}").get_data(as_text=True)
    assert f'value="{added}" checked' in page
    assert client.get(f"/explore/chart/{version(dataset)}.json?{query}&lang=en&w=680").status_code == 200
    assert client.get(f"/en/explore/figure.svg?{query}").get_data().startswith(b"<svg")


def test_a_control_is_named_where_the_manual_says() -> None:
    """Every parameter that a form field sets is in each place that the manual lists, as its example is."""
    manual = MANUAL.read_text("utf-8")
    section = manual[manual.index("## A control") : manual.index("## A source")]
    root = MANUAL.parents[1]
    listed = [
        root / path
        for path in re.findall(r"`(dashboard/explore/state\.py|dashboard/templates/\S+?)`", section)
    ]
    scripts = root / "dashboard" / "assets" / "js" / "explore"
    listed += [
        scripts / name for name in re.findall(r"`(?:dashboard/assets/js/explore/)?(\w+\.js)`", section)
    ]
    assert len(listed) == 4
    template = (root / "dashboard" / "templates" / "explore.html").read_text("utf-8")
    fields = set(re.findall(r'<input type="checkbox" name="(\w+)"', template)) - {"e"}
    assert "ev" in fields
    for path in listed:
        text = path.read_text("utf-8")
        for name in fields:
            assert f'"{name}"' in text, (path.name, name)
