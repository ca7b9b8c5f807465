# ruff: noqa: E501 (embedded scripts and tables read better unbroken)
"""The explorer in a real Chromium: Dash draws what the server answers, every control by mouse and keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboard.dataset import Dataset
from dashboard.explore import views
from dashboard.explore.parse import parse
from dashboard.explore.record import view_chart

pytestmark = pytest.mark.e2e
CITIES = "shenzhen~hangzhou~suzhou~chongqing"
READY = "#stage[data-ready]"
Open = Callable[..., Any]


@pytest.fixture
def visit(new_page: Open, server: str) -> Iterator[Open]:
    """Open the explorer in pages that must keep a clean console."""
    opened = []

    def go(query: str = "", *, lang: str = "en", width: int = 1280, **options: Any) -> Any:
        page = new_page(width=width, **options)
        opened.append(page)
        page.goto(f"{server}/{lang}/explore{'?' + query if query else ''}")
        page.wait_for_selector(READY, state="attached")
        return page

    yield go
    lines = [line for page in opened for line in page.watch.console]
    assert [line for line in lines if line.startswith(("error", "warning"))] == []


def heading(page: Any) -> str:
    return str(page.inner_text("#finding"))


def arrive(page: Any, part: str) -> None:
    """Wait until the address holds a piece of a query and what it asks for is drawn."""
    page.wait_for_function(
        "part => new RegExp('[?&]' + part + '(&|$)').test(location.search) && "
        "!document.querySelector('#stage').hasAttribute('aria-busy')",
        arg=part,
    )


def check(page: Any, name: str, value: str) -> None:
    page.locator(f"#explore input[name={name}][value='{value}']").check(force=True)


def said(dataset: Dataset, query: str, lang: str = "en") -> str:
    return view_chart(dataset, parse(query, dataset)[0], lang).title  # type: ignore[arg-type]


def test_every_view_by_mouse_and_by_keyboard(visit: Open, dataset: Dataset) -> None:
    page = visit(f"i=gdp~population_resident&e={CITIES}")
    for view in (*(v for v in views.names() if v != "line"), "line"):
        check(page, "v", view)
        title = said(dataset, f"i=gdp~population_resident&e={CITIES}&v={view}")
        page.wait_for_function("t => document.querySelector('#finding').textContent === t", arg=title)
    page.locator("input[name=v][value=line]").focus()
    page.keyboard.press("ArrowRight")
    arrive(page, "v=slope")


def test_dash_draws_what_the_server_answers(visit: Open) -> None:
    """The figure stands in Dash's graph, its state in Dash's store; without Dash there is none."""
    page = visit(f"i=gdp&e={CITIES}")
    lines = page.locator("#graph .js-plotly-plot .scatterlayer .trace")
    assert lines.count() >= 4
    page.evaluate("dash_clientside.set_props('state', {data: {query: 'i=gdp&e=shenzhen~hangzhou&v=bar'}})")
    page.wait_for_function("() => document.querySelector('#graph .barlayer .point')")
    assert page.is_checked("#explore input[name=v][value=bar]")


def test_the_live_chart_stands_where_the_picture_stood(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}", fresh=True)
    places = "s => [...document.querySelectorAll(s)].map(t => [t.textContent, t.getAttribute('x'), t.getAttribute('y')])"
    live = page.evaluate(places, "#words text")
    still = page.evaluate(places, "#stage .still.wide text")
    assert live
    assert live == still
    shift = page.evaluate(
        "new Promise(done => new PerformanceObserver(list => done(list.getEntries().reduce((n, e) => n + e.value, 0)))"
        ".observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 300))"
    )
    assert shift < 0.02


TRANSFORMS = (
    ("m", "index"), ("m", "ratio"), ("m", "change"), ("m", "cumulative"),
    ("per", "head"), ("p", "real"), ("c", "usd"), ("y", "log"), ("alt", "1"),
)  # fmt: skip


def test_each_transform_by_mouse_and_by_keyboard(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    for name, value in TRANSFORMS:
        box = f"#explore input[name={name}][value='{value}']"
        check(page, name, value)
        arrive(page, f"{name}={value}")
        page.go_back()
        page.wait_for_function("s => !document.querySelector(s).checked", arg=box)
        first = page.locator(f"#explore input[name={name}]").first
        first.focus()
        page.keyboard.press("Space" if first.get_attribute("type") == "checkbox" else "ArrowRight")
        page.wait_for_function("n => new RegExp('[?&]' + n + '=').test(location.search)", arg=name)
        page.go_back()
        page.wait_for_function("n => !new RegExp('[?&]' + n + '=').test(location.search)", arg=name)


def test_an_indicator_is_found_by_name_domain_and_pinyin(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    field = page.locator("#i0-find")
    for typed, wanted in (
        ("resident pop", "population_resident"),
        ("changzhurenkou", "population_resident"),
        ("常住人口", "population_resident"),
    ):
        field.fill(typed)
        page.wait_for_function(
            "w => [...document.querySelectorAll('#i0-list [role=option]')].some(o => !o.hidden && o.dataset.value === w)",
            arg=wanted,
        )
    field.fill("Housing")
    page.wait_for_function(
        "() => document.querySelectorAll('#i0-list [role=option]:not([hidden])').length > 3"
    )
    field.fill("常住人口")
    page.wait_for_function("() => document.querySelector('#i0-list [aria-selected]')?.dataset.value")
    page.keyboard.press("Enter")
    page.wait_for_function("() => /i=(population|gdp_per)/.test(location.search)")
    assert page.get_attribute("#i0-find", "aria-expanded") == "false"


def test_one_indicator_after_the_other_is_chosen_with_the_mouse(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    for wanted in ("population_resident", "gdp", "population_resident"):
        page.click("#i0-find")
        page.click(f"#i0-list [data-value={wanted}]")
        page.wait_for_function("w => new URLSearchParams(location.search).get('i') === w", arg=wanted)


def test_entities_are_found_and_walked_by_keyboard(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    for typed, wanted in (
        ("hz", "hangzhou"), ("騰訊", "tencent"), ("tengxun", "tencent"), ("Teng Xun", "tencent"), ("yushu", "unitree"), ("廣州", "guangzhou"),
    ):  # fmt: skip
        page.fill("#entity-search", typed)
        page.wait_for_function(
            "w => [...document.querySelectorAll('#entities li.hit')].some(li => li.dataset.id === w)",
            arg=wanted,
        )
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('guangzhou')")
    page.fill("#entity-search", "nobody at all")
    page.wait_for_selector("#entity-none:not([hidden])")
    page.fill("#entity-search", "")
    page.focus("#entity-search")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.name") == "e"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "entity-search"


def test_a_group_is_added_and_taken_away(visit: Open, dataset: Dataset) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    page.select_option("#group", "~".join(dataset.group("pursuers")))
    page.wait_for_function("() => !location.search.includes('suzhou')")


def test_a_span_survives_other_choices(visit: Open) -> None:
    """A year stands for its months; another indicator of the same rhythm keeps the span, if it has figures."""
    page = visit("i=house_price_new_mom_index&e=shenzhen~hangzhou&t=2015..2018")
    assert page.input_value("select[name=from]") == "2015-01"
    assert page.input_value("select[name=to]") == "2018-12"
    check(page, "m", "index")
    arrive(page, "m=index")
    assert "t=2015..2018" in page.url


def test_a_choice_that_cannot_be_leads_to_the_nearest_that_can(visit: Open) -> None:
    """A share has no logarithmic axis: the axis gives way to the indicator."""
    page = visit(f"i=gdp&e={CITIES}&y=log&m=index")
    page.focus("#i0-find")
    page.click("#i0-list [data-value=rd_intensity]")
    page.wait_for_function("() => location.search.startsWith('?i=rd_intensity')")
    page.wait_for_function("() => !/y=log|m=index/.test(location.search)")
    page.wait_for_selector("#pick-measure", state="hidden")


def test_period_sliders_and_the_player(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}&v=bar")
    page.locator("#high").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => /[?&]t=..[0-9]{4}/.test(location.search)")
    end = re.search(r"t=\.\.([0-9]{4})", page.url)
    assert end
    page.wait_for_function("y => document.querySelector('#finding').textContent.includes(y)", arg=end[1])
    ticks = "() => [...document.querySelectorAll('#words .tick-x text')].map(t => t.textContent).join()"
    page.select_option("select[name=to]", "")
    page.wait_for_function("() => !/[?&]t=/.test(location.search)")
    page.click("#play")
    page.wait_for_function("() => /[?&]at=/.test(location.search)")
    first = page.evaluate(ticks)
    here = page.url
    page.wait_for_function("u => location.href !== u", arg=here)
    assert page.evaluate(ticks) == first  # the axis is that of the whole span
    page.click("#play")
    assert page.get_attribute("#play", "aria-pressed") == "false"


def test_dragging_along_the_chart_chooses_a_span(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}")
    box = page.locator("#stage").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.up()
    page.wait_for_function("() => /[?&]t=[0-9]{4}[.][.][0-9]{4}/.test(location.search)")
    assert page.locator(".panel").count() == 0
    page.click("#whole")
    page.wait_for_function("() => !/[?&]t=/.test(location.search)")


def test_walking_by_keyboard_speaks_and_opens_the_document(visit: Open, dataset: Dataset) -> None:
    page = visit("i=gdp&e=shenzhen~hangzhou")
    page.focus("#stage")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#stage .tip")
    page.keyboard.press("Home")
    spoken = page.inner_text("#say")
    assert spoken.split(" · ")[0] in ("Shenzhen", "Hangzhou")
    assert page.locator("#stage .tip > div").count() == 2  # both cities at that year
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel a")
    links = page.locator(".panel a").evaluate_all("as => as.map(a => a.getAttribute('href'))")
    assert all(link.startswith(("https://", "http://", "/")) for link in links)
    page.wait_for_function("() => location.search.includes('o=')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    assert page.evaluate("document.activeElement.id") == "stage"


def test_a_shared_point_opens_its_document(visit: Open) -> None:
    page = visit("i=gdp&e=shenzhen~hangzhou&o=hangzhou.2020")
    page.wait_for_selector(".panel li")
    assert "2020" in page.inner_text(".panel")


def test_two_changes_in_one_breath_are_two_entries(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}", fresh=True)  # a history has room for fifty
    before = page.evaluate("history.length")
    page.evaluate(
        "for (const v of ['bar', 'heat']) document.querySelector(`input[name=v][value=${v}]`).click()"
    )
    arrive(page, "v=heat")
    assert page.evaluate("history.length") == before + 2
    page.go_back()
    arrive(page, "v=bar")
    page.wait_for_function("() => document.querySelector('#explore input[name=v][value=bar]').checked")


def test_a_slow_answer_does_not_overtake_a_later_choice(visit: Open, dataset: Dataset) -> None:
    page = visit(f"i=gdp&e={CITIES}", fresh=True)
    held: list[Any] = []
    page.route(re.compile("chart/.*v=heat"), lambda route: held.append(route))
    check(page, "v", "heat")
    check(page, "v", "slope")
    arrive(page, "v=slope")
    title = said(dataset, f"i=gdp&e={CITIES}&v=slope")
    page.wait_for_function("t => document.querySelector('#finding').textContent === t", arg=title)
    for route in held:
        route.continue_()
    page.wait_for_timeout(200)
    assert heading(page) == title
    assert page.is_checked("input[name=v][value=slope]")


def test_what_is_pointed_at_is_asked_for_before_it_is_pressed(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}", fresh=True)
    with page.expect_request(re.compile("chart/.*v=heat")):
        page.hover(".tabs label:has(input[value=heat])")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    check(page, "v", "heat")
    arrive(page, "v=heat")
    assert [u for u in asked if "/chart/" in u] == []


def test_a_change_is_drawn_without_waiting_for_a_timer(visit: Open) -> None:
    """Chromium runs no timer between a click and the next frame, so the chart must not wait for one."""
    page = visit(f"i=gdp&e={CITIES}")
    page.hover("label:has(input[name=y][value=log])")
    page.wait_for_load_state("networkidle")
    drawn = page.evaluate(
        """async () => {
            window.setTimeout = () => 0;
            document.querySelector("input[name=y][value=log]").click();
            await new Promise(requestAnimationFrame);
            return document.querySelector("#graph .js-plotly-plot").layout.yaxis.type;
        }"""
    )
    assert drawn == "log"


def test_back_and_forward(visit: Open) -> None:
    page = visit()
    first = heading(page)
    page.click("#presets li:nth-child(2) a")
    page.wait_for_function("f => document.querySelector('#finding').textContent !== f", arg=first)
    second = heading(page)
    page.go_back()
    page.wait_for_function("f => document.querySelector('#finding').textContent === f", arg=first)
    page.go_forward()
    page.wait_for_function("f => document.querySelector('#finding').textContent === f", arg=second)


DAMAGED = (
    "i=nope&v=pie&t=x..y",
    "i=gdp&d=00000000",
    "i=%3Cimg%20src=x%20onerror=alert(1)%3E&v=%22%3E",
    "i=%E0%A4%A&e=%ff%fe&v=%00&" + "a=1&" * 900,
)


def test_a_damaged_or_old_address_opens_and_says_so(visit: Open, server: str) -> None:
    page = visit()
    for query in DAMAGED:
        page.goto(f"{server}/en/explore?{query}")
        page.wait_for_selector(READY, state="attached")
        assert page.is_visible("#warning"), query
        assert page.locator("#warning img").count() == 0
        assert len(page.inner_text("#warning")) < 1000
        assert heading(page)


def test_the_language_changes_and_the_state_stays(visit: Open, dataset: Dataset) -> None:
    query = f"i=gdp~population_resident&e={CITIES}&v=slope"
    page = visit(query)
    for lang, city in (("zh-Hant", "杭州"), ("zh-Hans", "杭州"), ("en", "Hangzhou")):
        page.click(f"a[data-lang={lang}]")
        title = said(dataset, query, lang)
        page.wait_for_function("t => document.querySelector('#finding').textContent === t", arg=title)
        assert page.evaluate("document.documentElement.lang") == lang
        assert f"/{lang.lower()}/explore?i=gdp" in page.url
        assert page.inner_text("#entities li[data-id=hangzhou]") == city


def test_a_copied_link_keeps_language_and_version_and_says_everything(visit: Open, dataset: Dataset) -> None:
    page = visit(lang="zh-hans")
    page.click("#share")
    page.wait_for_selector("#share-box:not([hidden])")
    link = page.input_value("#share-link")
    assert f"d={dataset.version[:8]}" in link
    assert "/zh-hans/explore?i=gdp&e=hangzhou~suzhou~chongqing&v=pursuit" in link


def test_controls_are_a_sheet_over_the_chart_on_a_phone(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}", width=390, height=844, has_touch=True)
    assert not page.is_visible("#i0-find")
    page.click("#sheet")
    page.wait_for_selector("#i0-find", state="visible")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    chart = page.locator("#stage").bounding_box()
    assert chart["y"] < page.locator("#controls").bounding_box()["y"]


def test_controls_are_in_reach_on_a_desk(visit: Open) -> None:
    page = visit(f"i=gdp&e={CITIES}", width=1440)
    for control in ("#i0-find", "#entity-search", "#pick-measure", "input[name=y]", "#range"):
        box = page.locator(control).first.bounding_box()
        assert box["y"] + box["height"] <= 900, control
    page.focus("a.to-controls")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "controls"


def test_a_long_name_does_not_widen_the_page(visit: Open) -> None:
    page = visit("i=github_stars_rank_overall_deepseek_v3~population_total&e=deepseek&v=multiples")
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


def test_dash_comes_in_one_file_that_is_kept(visit: Open, server: str) -> None:
    page = visit(f"i=gdp&e={CITIES}", fresh=True)
    names = "() => performance.getEntriesByType('resource').map(r => r.name).filter(n => n.includes('/_dash-component-suites/'))"
    (asked,) = page.evaluate(names)
    answer = page.request.get(asked)
    assert "immutable" in answer.headers["cache-control"]
    assert "DashRenderer" in answer.text()
    outdated = page.request.get(f"{server}/dash/_dash-component-suites/dash/dcc/all.0000000000.js")
    assert outdated.ok
    assert outdated.headers["cache-control"] == "no-cache"
