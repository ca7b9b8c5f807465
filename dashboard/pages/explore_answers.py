"""What the explorer requests: charts, their points, tables, an indicator's periods, the names to search.

Every address has the version of dataset and code and everything else its answer depends on, so that any
cache may keep the answer for ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from dashboard import locale
from dashboard.dataset import LANGS, Lang
from dashboard.explore import answer
from dashboard.explore.parse import Rejected, parse
from dashboard.explore.record import view_chart
from dashboard.explore.state import State, to_query
from dashboard.figures.theme import THEMES, Theme
from dashboard.links import address
from dashboard.locale.pinyin import spellings
from dashboard.pages.explore_common import data_values, query
from dashboard.pages.explore_common import version as today_version
from dashboard.site import FOREVER, Site

JSON = "application/json"


def register(server: Flask, site: Site) -> None:
    for name, make, kind in (
        ("chart", lambda *asked: _json(answer.chart_answer(site.dataset, *asked)), JSON),
        ("points", lambda *asked: _json(answer.points_answer(site.dataset, *asked[:3])), JSON),
        ("data", partial(_data, site), "text/html; charset=utf-8"),
    ):
        rule = f"/explore/{name}/<version>.{'html' if name == 'data' else 'json'}"
        server.add_url_rule(rule, f"explore_{name}", partial(_answer, site, name, make, kind))
    server.add_url_rule("/explore/indicator/<version>.json", "explore_lists", partial(_lists, site))
    server.add_url_rule("/explore/find/<version>.json", "explore_find", partial(_find, site))


def _answer(
    site: Site, name: str, make: Callable[[State, Lang, int, Theme], bytes], kind: str, version: str
) -> Response | AnyResponse:
    """Answer for a state, to be kept for ever under the dataset's version; 400 for a state that cannot be."""
    if (today := _today(site, f"/explore/{name}", version)) is not None:
        return today
    state, dropped = parse(query(), site.dataset)
    lang, width, theme = _options(dropped)
    if dropped:
        return _refused(answer.refused(state, dropped))
    key = (f"explore.{name}", to_query(replace(state, version="")), lang, str(width), theme)
    return site.send(key, lambda: make(state, lang, width, theme), kind, cache=FOREVER)


def _options(dropped: list[Rejected]) -> tuple[Lang, int, Theme]:
    given: dict[str, Any] = {"lang": "en", "w": str(next(iter(answer.SIZES))), "theme": "light"}
    for name, known in (("lang", LANGS), ("w", tuple(map(str, answer.SIZES))), ("theme", THEMES)):
        asked = request.args.get(name, given[name])
        if asked in known:
            given[name] = asked
        else:
            dropped.append(Rejected(name, asked[:40], "unknown"))
    return given["lang"], int(given["w"]), given["theme"]


def _refused(body: dict[str, Any]) -> Response:
    response = Response(json.dumps(body, ensure_ascii=False), 400, mimetype=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response


def _today(site: Site, path: str, version: str) -> AnyResponse | None:
    """Return where an address of another version leads: to the same question in today's."""
    known = today_version(site.dataset)
    if version == known:
        return None
    query = urlsplit(request.full_path).query
    suffix = request.path.rpartition(".")[2]
    response = redirect(address(f"{path}/{known}.{suffix}") + (f"?{query}" if query else ""), 302)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _data(site: Site, state: State, lang: Lang, width: int, theme: Theme) -> bytes:
    chart = view_chart(site.dataset, state, lang)
    values = data_values(site.dataset, chart, state, lang)
    return site.html("explore_data.html", lang, **values, path="/explore").encode()


def _lists(site: Site, version: str) -> Response | AnyResponse:
    if (today := _today(site, "/explore/indicator", version)) is not None:
        return today
    indicator, dropped = request.args.get("i", ""), []  # type: tuple[str, list[Rejected]]
    lang, _, _ = _options(dropped)
    if indicator not in site.dataset.indicators:
        dropped.append(Rejected("i", indicator[:40], "unknown"))
    if dropped:
        return _refused({"dropped": [{"name": d.name, "value": d.value} for d in dropped]})

    def make() -> bytes:
        found = answer.lists(site.dataset, indicator, lang)
        item = Markup('<li><a href="{}">{}</a></li>')
        found["claims"] = "".join(
            item.format(address(f"/claim/{c}", lang), said) for c, said in found["claims"]
        )
        return _json(found)

    return site.send(("explore.lists", indicator, lang), make, JSON, cache=FOREVER)


def _find(site: Site, version: str) -> Response | AnyResponse:
    """Answer with what a search finds indicators and entities by: names in three scripts, pinyin, domains."""
    if (today := _today(site, "/explore/find", version)) is not None:
        return today
    dataset = site.dataset

    def spelt(own: str, *named: str) -> str:
        return "|".join((own, *named, *spellings(named[1]))).lower()

    def make() -> bytes:
        return _json({
            "indicators": {
                i.indicator_id: spelt(i.indicator_id, i.name_en, i.name_zh_hans, i.name_zh_hant)
                + "".join(f"|{locale.text(f'pages.domain.{i.domain}', lang).lower()}" for lang in LANGS)
                for i in dataset.indicators.values() if dataset.periods_of(i.indicator_id)
            },
            "entities": {
                e.entity_id: spelt(e.entity_id, e.name_en, e.name_zh_hans, e.name_zh_hant)
                for e in dataset.entities.values()
            },
        })  # fmt: skip

    return site.send(("explore.find",), make, JSON, cache=FOREVER)
