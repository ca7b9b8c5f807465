# ruff: noqa: E501 (embedded scripts and tables read better unbroken)
"""The explorer in a real Chromium: the same numbers as in Python, every control by mouse and keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from dashboard import locale
from dashboard.dataset import Dataset
from dashboard.explore.state import VIEWS, parse, to_query
from dashboard.figures.record import Bars, Cells, Dots, Line, Rule, Text
from dashboard.figures.views import view_chart

pytestmark = pytest.mark.e2e
GOLDEN = Path(__file__).parent / "golden"
CITIES = "shenzhen~hangzhou~suzhou~chongqing"
READY = "#stage[data-ready]"
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def warm(browser: Any) -> Iterator[Any]:
    """One reader's cache for all visits that do not ask for another."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en")
    yield context
    context.close()


@pytest.fixture
def visit(browser: Any, warm: Any, server: str) -> Iterator[Open]:
    """Open pages that must keep a clean console and must not ask anything of another machine."""
    opened, complaints, asked = [], [], []

    def go(query: str = "", *, fresh: bool = False, **options: Any) -> Any:
        context = warm
        if fresh or options:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en", **options)
            opened.append(context)
        page = context.new_page()
        opened.append(page)
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on("request", lambda r: asked.append(r.url))
        page.goto(f"{server}/explore{'?' + query if query else ''}")
        if options.get("java_script_enabled", True):
            page.wait_for_selector(READY, state="attached")
        return page

    yield go
    for one in reversed(opened):
        one.close()
    assert complaints == []
    assert [u for u in asked if not u.startswith((server, "data:", "blob:"))] == []


@pytest.fixture(scope="module")
def shared(browser: Any, server: str) -> Iterator[Any]:
    """One page for the many comparisons that only call functions."""
    page = browser.new_page()
    page.goto(f"{server}/explore?lang=en")
    page.wait_for_selector(READY, state="attached")
    yield page
    page.close()


def test_transforms_pass_the_golden_cases(shared: Any) -> None:
    names = {"price_levels": "priceLevels"}
    for case in json.loads((GOLDEN / "transforms.json").read_text("utf-8")):
        name = names.get(case["function"], case["function"])
        found = shared.evaluate("([f, a]) => Explore.transforms[f](...a)", [name, case["arguments"]])
        wanted = case["expected"]
        if isinstance(wanted, dict):
            assert found == pytest.approx(wanted), case["name"]
            continue
        assert [v is None for v in found] == [v is None for v in wanted], case["name"]
        assert [v for v in found if v is not None] == pytest.approx([v for v in wanted if v is not None])


def test_addresses_are_read_and_written_as_in_python(shared: Any, dataset: Dataset) -> None:
    for query in json.loads((GOLDEN / "queries.json").read_text("utf-8")):
        state, dropped = parse(query, dataset)
        found, lost, written = shared.evaluate(
            "q => { const [s, d] = Explore.parse(q); return [s, d, Explore.toQuery(s)]; }", query
        )
        assert found == json.loads(json.dumps(asdict(state))), query
        assert lost == [[d.name, d.value, d.reason] for d in dropped], query
        assert written == to_query(state), query


STATES = [
    *(f"i=gdp&e={CITIES}&v={v}" for v in VIEWS),
    f"i=gdp~population_resident~rd_intensity&e={CITIES}&v=heat",
    f"i=gdp~population_resident&e={CITIES}&v=multiples",
    f"i=gdp_per_capita~population_resident~gdp&e={CITIES}&v=scatter&trail=1",
    *(f"i=gdp~population_resident~rd_intensity&e={CITIES}&v={v}" for v in ("line", "slope", "bar", "table", "pursuit")),
    *(f"i=gdp_per_capita~disposable_income_per_capita&e={CITIES}&v={v}&alt=1" for v in ("line", "slope", "bar")),
    f"i=gdp~population_resident~rd_intensity&e={CITIES}&m=index&t=2000..2020",
    f"i=gdp~population_resident&e={CITIES}&m=change",
    f"i=gdp~population_resident&e={CITIES}&m=ratio&v=bar&r=suzhou",
    f"i=gdp&e={CITIES}&m=index&b=2005&y=log",
    f"i=gdp&e={CITIES}&m=change&p=real",
    f"i=gdp&e={CITIES}&per=head&c=usd&p=real&t=2005..2020",
    f"i=gdp&e={CITIES}&m=ratio&r=suzhou",
    "i=fdi_used&e=shenzhen~hangzhou&m=cumulative&c=cny&t=2005..2015",
    "i=house_price_new_mom_index&e=shenzhen~hangzhou&m=index&t=2011..2020",
    "i=revenue&e=elephants~dragons", "i=rd_intensity&e=shenzhen~hangzhou&alt=1", "i=gii_cluster_rank&e=shenzhen~hangzhou&v=bar",
    "i=weibo_hot_search_titles_daily&e=deepseek~unitree&t=2025-01-15..2025-03-15",
    "i=house_price_new_mom_index&e=shenzhen~hangzhou&m=index", f"i=population_resident&e={CITIES}", f"i=population_resident&e={CITIES}&v=multiples",
    "i=gdp&e=shenzhen~beijing~guangzhou~hangzhou&v=pursuit", "i=gdp&e=beijing~hangzhou&v=pursuit", "i=gdp&e=beijing~shanghai&v=pursuit",
    "i=gdp&e=shenzhen&v=pursuit&r=hangzhou", "i=gdp&e=shenzhen~guangzhou~beijing&v=heat&t=2005..2015", "i=revenue&e=elephants~dragons&v=bar",
    "i=github_stars_rank_overall_deepseek_v3~github_stars_deepseek_v3&e=deepseek&v=multiples",
    "i=revenue&e=smallrig", "i=revenue&e=hangzhou",
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_browser_and_server_draw_the_same_record(
    browser: Any, server: str, dataset: Dataset, lang: str
) -> None:
    page = browser.new_page()
    page.goto(f"{server}/explore?lang={lang}")
    page.wait_for_selector(READY, state="attached")
    for query in STATES:
        state, _ = parse(query, dataset)
        chart = view_chart(dataset, state, lang)  # type: ignore[arg-type]
        found = page.evaluate(
            """async ([q, version]) => {
              const X = Explore, [s] = X.parse(q);
              for (const id of X.needs(s)) X.data[id] ||= await (await fetch(`/explore/data/${id}.${version}.json`)).json();
              X.eager = true; const c = X.chart(s, true); X.eager = false;
              const marks = c.marks.filter(m => m.name || m.t !== "line").map(m =>
                m.t === "line" || m.t === "dots" ? [m.t, m.name, m.points.map(p => [p[0], p[1], p[2]]), m.label || "", m.t === "dots" ? m.symbol || "circle" : m.dash || "solid", m.colour] :
                m.t === "rule" || m.t === "text" ? [m.t, m.x ?? [m.x0, m.y0, m.x1, m.y1], m.y ?? null, m.text ?? "", m.colour] :
                m.t === "bars" ? [m.t, m.items.map(b => [b.value, b.label, b.text, b.hatched])] :
                m.t === "cells" ? [m.t, m.items.map(b => [b.column, b.row, b.shade, b.label, b.text])] : null).filter(Boolean);
              return {title: c.title, subtitle: c.subtitle, alt: c.alt, empty: c.empty, notes: c.notes, marks, xt: c.x.ticks, yt: c.y.ticks,
                      xd: c.x.domain, yd: c.y.domain, sources: X.sourcesOf(c).map(s => s[0])};
            }""",
            [
                query,
                page.evaluate("JSON.parse(document.querySelector('#explore-config').textContent).version"),
            ],
        )
        assert found["title"] == chart.title, query
        assert found["subtitle"] == chart.subtitle, query
        assert found["alt"] == chart.alt, query
        assert found["empty"] == chart.empty, query
        assert tuple(found["notes"]) == chart.notes, query
        wanted: list[Any] = []
        for m in chart.marks:
            if isinstance(m, Line) and m.name:
                wanted.append(
                    ["line", m.name, [[p.x, p.y, p.text] for p in m.points], m.label, m.dash, m.colour]
                )
            elif isinstance(m, Dots):
                wanted.append(
                    ["dots", m.name, [[p.x, p.y, p.text] for p in m.points], "", m.symbol, m.colour]
                )
            elif isinstance(m, Rule):
                wanted.append(["rule", [m.x0, m.y0, m.x1, m.y1], None, "", m.colour])
            elif isinstance(m, Text):
                wanted.append(["text", m.x, m.y, m.text, m.colour])
            elif isinstance(m, Bars):
                wanted.append(["bars", [[b.value, b.label, b.text, b.pattern == "hatched"] for b in m.items]])
            elif isinstance(m, Cells):
                wanted.append(["cells", [[c.column, c.row, c.shade, c.label, c.text] for c in m.items]])
        assert close(found["marks"], wanted), query
        assert close(found["xt"], [[t.value, t.label] for t in chart.x.ticks]), query
        assert close(found["yt"], [[t.value, t.label] for t in chart.y.ticks]), query
        assert close([found["xd"], found["yd"]], [list(chart.x.domain), list(chart.y.domain)]), query
    page.close()


def close(found: Any, wanted: Any) -> bool:
    """Compare nested lists: words exactly, numbers to twelve digits."""
    if isinstance(wanted, list):
        assert len(found) == len(wanted), (found, wanted)
        return all(close(a, b) for a, b in zip(found, wanted, strict=True))
    if isinstance(wanted, float | int) and not isinstance(wanted, bool):
        assert found == pytest.approx(wanted, rel=1e-11, abs=1e-11)
    else:
        assert found == wanted
    return True


def heading(page: Any) -> str:
    return str(page.inner_text("#finding"))


def test_every_view_by_mouse_and_by_keyboard(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    for view in ("slope", "bar", "heat", "multiples", "pursuit", "table", "scatter", "line"):
        page.locator(f"input[name=v][value={view}]").check(force=True)
        page.wait_for_function("v => Explore.current.state.view === v", arg=view)
    page.locator("input[name=v][value=line]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => Explore.current.state.view === 'slope'")


@pytest.mark.parametrize(
    ("name", "value", "field", "wanted"),
    [
        ("m", "index", "measure", "index"), ("m", "ratio", "measure", "ratio"), ("m", "change", "measure", "change"),
        ("m", "cumulative", "measure", "cumulative"), ("per", "head", "head", True), ("p", "real", "real", True),
        ("c", "usd", "money", "usd"), ("y", "log", "scale", "log"), ("alt", "1", "alternatives", True),
    ],
)  # fmt: skip
def test_each_transform_by_mouse_and_by_keyboard(
    shared: Any, server: str, name: str, value: str, field: str, wanted: object
) -> None:
    page = shared
    page.goto(f"{server}/explore?i=gdp&e={CITIES}&lang=en")
    page.wait_for_selector(READY, state="attached")
    box = page.locator(f"#explore input[name={name}][value='{value}']")
    box.check(force=True)
    page.wait_for_function("([f, w]) => Explore.current.state[f] === w", arg=[field, wanted])
    page.wait_for_function("n => location.search.includes(n + '=')", arg=name)
    page.go_back()
    page.wait_for_function("([f, w]) => Explore.current.state[f] !== w", arg=[field, wanted])
    page.wait_for_function(
        "s => !document.querySelector(s).checked", arg=f"#explore input[name={name}][value='{value}']"
    )
    first = page.locator(f"#explore input[name={name}]").first
    first.focus()
    if first.get_attribute("type") == "checkbox":
        page.keyboard.press("Space")
        page.wait_for_function("([f, w]) => Explore.current.state[f] === w", arg=[field, wanted])
    else:
        before = page.evaluate("f => Explore.current.state[f]", field)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("([f, b]) => Explore.current.state[f] !== b", arg=[field, before])


def test_indicator_entities_search_and_groups(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    page.select_option("#i0", "population_resident")
    page.wait_for_function("() => Explore.current.state.indicators[0] === 'population_resident'")
    for typed, wanted in (
        ("hangz", "hangzhou"), ("杭州", "hangzhou"), ("騰訊", "tencent"), ("腾讯", "tencent"), ("tengxun", "tencent"), ("Teng Xun", "tencent"),
        ("yushu", "unitree"), ("大疆", "dji"), ("biyadi", "byd"), ("chongq", "chongqing"), ("廣州", "guangzhou"), ("Guangzhou", "guangzhou"),
    ):  # fmt: skip
        page.fill("#entity-search", typed)
        hits = page.locator("#entities li.hit").evaluate_all("all => all.map(li => li.dataset.id)")
        assert wanted in hits, typed
        assert len(hits) <= 3, (typed, hits)
    page.locator("#entities li.hit input").focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => Explore.current.state.entities.includes('guangzhou')")
    page.fill("#entity-search", "nobody at all")
    assert page.is_visible("#entity-none")
    page.fill("#entity-search", "")
    page.click("[data-group=pursuers]")
    page.wait_for_function("() => !Explore.current.state.entities.includes('suzhou')")


def test_a_span_survives_other_choices(visit: Open) -> None:
    """A year stands for its months; another indicator of the same rhythm keeps the span, if it has figures."""
    page = visit("i=house_price_new_mom_index&e=shenzhen~hangzhou&t=2015..2018")
    assert page.input_value("select[name=from]") == "2015-01"
    assert page.input_value("select[name=to]") == "2018-12"
    page.locator("input[name=m][value=index]").check(force=True)
    page.wait_for_function("() => Explore.current.state.measure === 'index'")
    assert page.evaluate("[Explore.current.state.start, Explore.current.state.end]") == ["2015", "2018"]
    page = visit(f"i=gdp&e={CITIES}&t=2005..2015")
    page.select_option("#i0", "population_resident")
    page.wait_for_function("() => Explore.current.state.indicators[0] === 'population_resident'")
    assert page.evaluate("[Explore.current.state.start, Explore.current.state.end]") == ["2005", "2015"]


def test_only_what_does_something_is_offered(visit: Open) -> None:
    page = visit("i=rd_intensity&e=shenzhen~hangzhou&alt=1")
    assert page.is_visible("#pick-alt")
    assert not page.is_visible("#pick-measure")
    page.locator("input[name=v][value=bar]").check(force=True)
    page.wait_for_function("() => Explore.current.state.view === 'bar'")
    page.wait_for_selector("#pick-alt", state="hidden")


def test_a_long_name_does_not_widen_the_page(visit: Open) -> None:
    page = visit("i=github_stars_rank_overall_deepseek_v3~population_total&e=deepseek&v=multiples")
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


def test_a_long_table_says_that_it_is_cut(visit: Open) -> None:
    page = visit("i=weibo_hot_search_titles_daily&e=deepseek~all_topics&v=table")
    rows = page.locator("#big-table tbody tr").count()
    held = page.evaluate("Explore.current.chart.sel.periods.length")
    assert rows == min(400, held)
    assert page.locator("#big-table tfoot").count() == (held > 400)


def test_period_sliders_and_play(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}&v=bar")
    page.locator("#high").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => Explore.current.state.end !== ''")
    end = page.evaluate("Explore.current.state.end")
    assert end in heading(page)
    page.select_option("select[name=to]", "2015")
    page.wait_for_function("() => Explore.current.state.end === '2015'")
    page.click("#play")
    page.wait_for_function("() => Explore.current.state.end === '2018'")
    page.click("#play")
    assert page.get_attribute("#play", "aria-pressed") == "false"


def test_walking_by_keyboard_speaks_and_opens_the_document(visit: Open, dataset: Dataset) -> None:
    page = visit("i=gdp&e=shenzhen~hangzhou&lang=en")
    page.focus("#stage")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    spoken = page.inner_text("#say")
    series = dataset.series("gdp", page.evaluate("Explore.pointed[0].entity"))
    assert series[1].period in spoken
    page.keyboard.press("Enter")
    page.wait_for_selector("#documents:not([hidden])")
    source = dataset.sources[series[1].source_id]
    assert source.title in page.inner_text("#documents")
    links = page.locator("#documents a").evaluate_all("as => as.map(a => a.getAttribute('href'))")
    assert all(link.startswith(("https://", "http://")) for link in links)
    page.keyboard.press("Escape")
    page.wait_for_selector("#documents", state="hidden")
    assert page.evaluate("document.activeElement.id") == "stage"


def test_pointing_and_clicking_leads_to_the_document(visit: Open) -> None:
    page = visit("i=gdp&e=shenzhen~hangzhou&lang=en")
    x, y = page.evaluate("Explore.current.placed.refs.at(-3).slice(0, 2)")
    page.hover("#stage", position={"x": x, "y": y})
    page.wait_for_selector("#tip:not([hidden])")
    page.click("#stage", position={"x": x, "y": y})
    page.wait_for_selector("#documents:not([hidden])")
    page.wait_for_function("() => location.search.includes('o=')")


def test_a_ring_says_its_own_figure(visit: Open, dataset: Dataset) -> None:
    """A figure of another document is that document's, by mouse and by keyboard."""
    page = visit("i=rd_intensity&e=shenzhen&alt=1&lang=en")
    period, value = page.evaluate(
        "(() => { const m = Explore.current.chart.marks.find(m => m.name === 'shenzhen:other'); return m.points[0][3][3].slice(1, 3); })()"
    )
    others = dataset.alternatives("rd_intensity", "shenzhen", period)
    own = dataset.value("rd_intensity", "shenzhen", period)
    assert value in [o.value for o in others if o != own]
    x, y = page.evaluate("Explore.current.placed.refs.find(r => r[2][3]).slice(0, 2)")
    page.hover("#stage", position={"x": x, "y": y})
    page.wait_for_selector("#tip:not([hidden])")
    assert locale.quantity(value, "%", "en") in page.inner_text("#tip")
    page.focus("#stage")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("s => document.querySelector('#tip').innerText.includes(s)", arg="another source")


def test_two_changes_in_one_breath_are_two_entries(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    before = page.evaluate("history.length")
    page.evaluate(
        "for (const v of ['bar', 'heat']) document.querySelector(`input[name=v][value=${v}]`).click()"
    )
    page.wait_for_function("n => history.length === n + 2", arg=before)
    page.wait_for_function("() => location.search.includes('v=heat')")
    page.go_back()
    page.wait_for_function("() => Explore.current.state.view === 'bar'")


def test_a_choice_that_waits_for_data_keeps_its_control(visit: Open) -> None:
    """What follows the chart before comes in an idle moment: it must not turn back what was chosen since."""
    page = visit(f"i=gdp&e={CITIES}", fresh=True)
    held: list[Any] = []
    page.route("**/explore/data/population_*", lambda route: held.append(route))
    page.locator("input[name=v][value=table]").check(force=True)
    page.locator("input[name=v][value=scatter]").check(force=True)
    page.wait_for_timeout(600)
    assert page.is_checked("input[name=v][value=scatter]")
    assert page.evaluate("Explore.current.state.view") == "table"
    for route in held:
        route.continue_()
    page.wait_for_function("() => Explore.current.state.view === 'scatter'")


def test_back_and_forward(visit: Open) -> None:
    page = visit()
    first = heading(page)
    page.click("#presets li:nth-child(2) a")
    page.wait_for_function("f => document.querySelector('#finding').textContent !== f", arg=first)
    second = heading(page)
    page.wait_for_function("() => location.search.includes('m=index')")
    page.go_back()
    page.wait_for_function("f => document.querySelector('#finding').textContent === f", arg=first)
    page.go_forward()
    page.wait_for_function("f => document.querySelector('#finding').textContent === f", arg=second)


@pytest.mark.parametrize(
    "query",
    [
        "i=nope&v=pie&t=x..y",
        "i=gdp&d=00000000",
        "i=%3Cimg%20src=x%20onerror=alert(1)%3E&v=%22%3E",
        "i=%E0%A4%A&e=%ff%fe&v=%00&" + "a=1&" * 900,
    ],
)
def test_a_damaged_or_old_address_opens_and_says_so(visit: Open, query: str) -> None:
    page = visit(query)
    assert page.is_visible("#warning")
    assert page.locator("#warning img").count() == 0
    assert len(page.inner_text("#warning")) < 1000
    assert heading(page)


def test_two_readers_do_not_see_each_other(visit: Open) -> None:
    one, other = (visit(f"i=gdp&e={CITIES}", fresh=True) for _ in range(2))
    before = heading(other)
    one.locator("#explore input[name=v][value=bar]").check(force=True)
    one.wait_for_function("() => Explore.current.state.view === 'bar'")
    other.reload()
    other.wait_for_selector(READY, state="attached")
    assert heading(other) == before
    assert other.evaluate("Explore.current.state.view") == "line"


def test_a_known_indicator_asks_the_server_for_nothing(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    page.wait_for_function("() => Explore.adopted")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda r: None if "favicon" in r.url else asked.append(r.url))
    for view in ("bar", "heat", "line"):
        page.locator(f"input[name=v][value={view}]").check(force=True)
        page.wait_for_function("v => Explore.current.state.view === v", arg=view)
    assert asked == []
    page.select_option("#i0", "population_resident")
    page.wait_for_function("() => Explore.current.state.indicators[0] === 'population_resident'")
    assert len(asked) == 1


def test_dash_mirrors_the_state_and_leads_it(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    page.wait_for_function(
        "() => Explore.adopted && document.querySelector('#graph .main-svg') && document.querySelector('#canvas').hidden"
    )
    page.evaluate("dash_clientside.set_props('state', {data: 'i=population_resident&v=bar'})")
    page.wait_for_function("() => Explore.current.state.view === 'bar'")


def test_without_script_the_page_is_complete(visit: Open, server: str) -> None:
    page = visit("i=gdp&e=shenzhen~hangzhou&v=bar&lang=en", java_script_enabled=False)
    assert "Shenzhen" in heading(page)
    assert page.locator("#stage svg").count() >= 1
    page.locator("input[name=e][value=suzhou]").check()
    with page.expect_navigation():
        page.click(".nojs button")
    assert page.locator("input[name=e][value=suzhou]").is_checked()
    assert page.locator("#explore input[name=v][value=bar]").is_checked()


def test_share_carries_the_version_and_says_everything(visit: Open, dataset: Dataset) -> None:
    page = visit()
    page.click("#share")
    page.wait_for_selector("#share-box:not([hidden])")
    link = page.input_value("#share-link")
    assert f"d={dataset.version[:8]}" in link
    assert "i=gdp&e=hangzhou~suzhou~chongqing&v=pursuit" in link


def test_language_changes_in_place_and_asks_for_nothing(visit: Open) -> None:
    page = visit(f"i=gdp~population_resident&e={CITIES}&v=slope")
    page.wait_for_function("() => Explore.adopted")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').filter(r => r.name.includes('/language-')).length === 2"
    )
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.evaluate("window.same = true")
    for lang, city, tab in (
        ("zh-Hant", "杭州", "斜率"),
        ("zh-Hans", "杭州", "斜率"),
        ("en", "Hangzhou", "Slope"),
    ):
        page.click(f"a[data-lang={lang}]")
        page.wait_for_function(
            "l => document.documentElement.lang === l && Explore.current.chart.title === document.querySelector('#finding').textContent",
            arg=lang,
        )
        assert page.evaluate("window.same")
        page.wait_for_function(
            "t => document.querySelector('.tabs label:nth-of-type(2)').innerText === t", arg=tab
        )
        page.wait_for_function(
            "c => document.querySelector('#entities li[data-id=hangzhou]').innerText === c", arg=city
        )
        page.wait_for_function("p => location.pathname === p", arg=f"/{lang.lower()}/explore")
        page.wait_for_function(
            "() => document.querySelector('#i0').selectedOptions[0].textContent === Explore.catalogue.indicators.gdp.n"
        )
    assert page.evaluate("Explore.current.state.view") == "slope"
    assert asked == []
    page.reload()
    page.wait_for_selector(READY, state="attached")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_dash_comes_in_one_file_that_is_kept(visit: Open, server: str) -> None:
    page = visit(f"i=gdp&e={CITIES}", fresh=True)
    page.wait_for_function("() => Explore.adopted")
    names = "() => performance.getEntriesByType('resource').map(r => r.name).filter(n => n.includes('/_dash-component-suites/'))"
    (asked,) = page.evaluate(names)
    answer = page.request.get(asked)
    assert "immutable" in answer.headers["cache-control"]
    body = answer.text()
    assert all(
        part in body for part in ("DashRenderer", "dash_core_components", "webpackChunkdash_core_components")
    )
    assert ".js.map" not in body
    outdated = page.request.get(f"{server}/dash/_dash-component-suites/dash/dcc/all.0000000000.js")
    assert outdated.ok
    assert outdated.headers["cache-control"] == "no-cache"
