"""All the public sources at once on 127.0.0.1: recorded answers, and made-up ones of the recorded shapes.

One server, told apart by path; ``Replica.env()`` points every source at it. It answers conditional requests
with 304, unknown resources with 404, keeps a log of what was asked, and breaks on command (``faults``).
Figures made up here are of the shape of real ones and mean nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pdf import pdf

from etl.options import known
from etl.sources.nbs_housing import known_releases

CONTRACTS = Path(__file__).resolve().parents[1] / "contracts"
ADDED = "Q999999901"
"""Item of a city that exists only here, for ``pursuit add city``."""
FOUND = "Q999999902"
"""Item that stands for Guangzhou here, found by its title: the catalogue has none."""
BUREAUS = "(sztjj|szstjjwzgkml|fsjdgnsczz|sj/tjgb)"
LIMITED = ("/master/", "/main/", "/gh-pages/", "/pageviews/")
"""Parts of the paths that :attr:`Replica.allowance` is for."""
JSON = "application/json; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
HTML = "text/html"


@dataclass
class Answer:
    """One response; ``etag`` false: the service does not do conditional requests (forms)."""

    body: bytes
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    etag: bool = True


@dataclass(frozen=True)
class Asked:
    """One line of the log."""

    method: str
    path: str
    conditional: bool
    status: int


Fault = Callable[[BaseHTTPRequestHandler], None]


def recorded(path: str) -> bytes:
    return (CONTRACTS / path).read_bytes()


def as_json(value: Any, **headers: str) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), JSON, headers)


class Replica:
    """The sources as they are on the day ``today``."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.log: list[Asked] = []
        self.faults: dict[str, Fault] = {}
        """Beginning of a path → what happens instead of its answer."""
        self.allowance: int | None = None
        """How many more requests for raw files of GitHub or page views are answered; then 429 for an hour."""
        self.hot_days = 3
        """How many days the archives of hot lists have, up to yesterday."""
        self.ended = 0
        """How many days ago the archives of hot lists have ended."""
        self.ranking_day = 0
        """Day of the month on which the archives of rankings have a file, too."""
        self.on_request: Callable[[int], None] = lambda number: None
        self._lock = threading.Lock()
        self.pages = {
            urlsplit(release.url).path: recorded(f"nbs_release/{month}.html")
            for month, release in known_releases().items()
            if (CONTRACTS / "nbs_release" / f"{month}.html").is_file()
        }
        self.routes: list[tuple[re.Pattern[str], Callable[..., Answer | None]]] = [
            (re.compile(pattern), answer)
            for pattern, answer in (
                (r"/sj/zxfb/(index_\d+\.html)?", self._release_list),
                (r"(/.*/t20\d{6}_\d+\.s?html)", self._release),
                (r"/v2/country/CHN/indicator/([\w.]+)", self._worldbank),
                (r"/wiki/Special:EntityData/(Q\d+)\.json", self._item),
                (r"/w/api\.php", self._links),
                (
                    r"/api/rest_v1/metrics/pageviews/per-article/(\w+)\.wikipedia/all-access/user/"
                    r"([^/]+)/daily/(\d{8})/(\d{8})",
                    self._views,
                ),
                (r"/justjavac/weibo-trending-hot-search/master/raw/(.{10})\.json", self._hot("weibo")),
                (r"/justjavac/zhihu-trending-hot-questions/master/raw/(.{10})\.json", self._hot("zhihu")),
                (r"/lxw15337674/.*/master/api/(.{10})/summary\.json", self._hot("weibo_heat")),
                (
                    r"/(EvanLi|yuxiaopeng)/Github-Ranking(?:-AI)?/master/Data/github-ranking-(.{10})\.csv",
                    self._ranking,
                ),
                (r"/emeryberger/CSrankings/gh-pages/csrankings\.csv", self._faculty),
                (
                    r"/web-publications/global-innovation-index-(\d{4})/en/cluster-ranking\.html",
                    self._clusters,
                ),
                (r"/tjxx/jianbao/year(\d{4})/(.+)\.html", self._patents),
                (r"/en/annual-report/(\d{4})", self._annual_report),
                (r"/orgs/([\w-]+)/repos", self._repositories),
                (r"/organizations/337792/repos", self._more_repositories),
                (r"/api/models", self._models),
                (r"/institutions/ror:https://ror\.org/(\w+)", self._institution),
                (r"/search/prefix\.do", self._stock),
                (r"/search/titleSearchServlet\.do", self._titles),
                (r"/new/information/topSearch/query", self._org),
                (r"/new/hisAnnouncement/query", self._announcements),
                (r"/dg/website/publicrelease/web/external/stream/esData", self._library),
                (r"/securities/api/data/(?:v1/)?get", self._figures),
                (r"/api/xbrl/companyfacts/CIK(\d{10})\.json", self._facts),
                (r"/listedco/listconews/sehk/.*(.)\.pdf", self._report),
                (r"/wgwang/awesome-LLMs-In-China/main/README\.md", self._models_listed),
                (r"/api/pub/v1/arwu/rank", self._ranks),
                (rf"/{BUREAUS}/.*recorded\.html", self._communique),
                (rf"/(?:{BUREAUS}/.*|[^.]*/|col/.*)?", self._bureau),
            )
        ]
        replica = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                replica._respond(self, b"")

            def do_POST(self) -> None:
                replica._respond(self, self.rfile.read(int(self.headers.get("Content-Length", "0"))))

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that went away (or was killed) is no news."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def env(self) -> dict[str, str]:
        """Return the settings that lead every source here."""
        return {f"PURSUIT_BASE_URL_{name.upper()}": self.base for name in known()}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=5)

    def asked(self, since: int = 0) -> list[Asked]:
        with self._lock:
            return self.log[since:]

    def _respond(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        parts = urlsplit(handler.path)
        path = unquote(parts.path)
        with self._lock:
            number = len(self.log) + 1
        self.on_request(number)
        for start, fault in list(self.faults.items()):
            if path.startswith(start):
                self._note(handler, 0)
                fault(handler)
                return
        if self.allowance is not None and any(part in path for part in LIMITED):
            with self._lock:
                self.allowance -= 1
            if self.allowance < 0:
                self._note(handler, 429)
                handler.send_response(429)
                handler.send_header("Retry-After", "3600")
                handler.send_header("Content-Length", "0")
                handler.end_headers()
                return
        query = {name: found[0] for name, found in parse_qs(parts.query or body.decode()).items()}
        if body.startswith(b"{"):
            query = json.loads(body)
        answer = None
        for pattern, found in self.routes:
            if match := pattern.fullmatch(path):
                answer = found(query, *match.groups())
                break
        if answer is None:
            answer = Answer(recorded("pageviews/error_404.json"), "application/problem+json", status=404)
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if answer.status == 200 and answer.etag and handler.headers.get("If-None-Match") == etag:
            answer = Answer(b"", answer.kind, answer.headers, 304)
        self._note(handler, answer.status)
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.kind)
        handler.send_header("Content-Length", str(len(answer.body)))
        if answer.status in (200, 304) and answer.etag:
            handler.send_header("ETag", etag)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body)

    def _note(self, handler: BaseHTTPRequestHandler, status: int) -> None:
        conditional = "If-None-Match" in handler.headers
        with self._lock:
            self.log.append(Asked(handler.command, handler.path, conditional, status))

    # ---- one method a resource ----

    def _release_list(self, query: dict[str, str], page: str | None) -> Answer | None:
        if page:
            return None
        month = self.today.replace(day=1) - timedelta(days=1)
        address = f"./{self.today:%Y%m}/t{self.today:%Y%m}16_1969999.html"
        title = f"{month.year}年{month.month}月份70个大中城市商品住宅销售价格变动情况"
        other = (
            '<li><a href="./202610/t20261020_1969000.html" title="前三季度国民经济">前三季度国民经济</a></li>'
        )
        item = f'<li><a href="{address}" title="{title}">{title}</a></li>'
        text = f"<html><body><ul>{item}{other}</ul></body></html>"
        return Answer(text.encode(), HTML)

    def _release(self, query: dict[str, str], path: str) -> Answer | None:
        if path.endswith("_1969999.html"):
            month = self.today.replace(day=1) - timedelta(days=1)
            text = recorded("nbs_release/2025-12.html").decode("utf-8")
            # the words of a caption stand in elements of their own
            between = r"((?:</?span[^>]*>|\s)*)"
            pattern = f"2025{between}年{between}12{between}月"
            text = re.sub(pattern, rf"{month.year}\1年\g<2>{month.month}\3月", text)
            return Answer(text.encode(), HTML)
        return Answer(self.pages[path], HTML) if path in self.pages else None

    def _worldbank(self, query: dict[str, str], code: str) -> Answer:
        first, last = map(int, query["date"].split(":"))
        rows = [
            {
                "indicator": {"id": code, "value": f"{code} of the replica"},
                "country": {"id": "CN", "value": "China"},
                "countryiso3code": "CHN",
                "date": str(year),
                "value": None if year >= self.today.year else round(2 + (year - 1990) / 8, 3),
                "unit": "",
                "obs_status": "",
                "decimal": 1,
            }
            for year in range(last, first - 1, -1)
        ]
        meta = {"page": 1, "pages": 1, "per_page": "1000", "total": len(rows), "lastupdated": "2026-07-13"}
        return as_json([meta, rows])

    def _item(self, query: dict[str, str], item: str) -> Answer | None:
        body = json.loads(recorded("wikidata/Q8646_hong_kong_2019.json"))
        city = next(iter(body["entities"].values()))
        city["id"] = item
        if item == ADDED:
            city["labels"] = {
                code: {"language": code, "value": name}
                for code, name in (("en", "Replicaville"), ("zh-hans", "复制市"), ("zh-hant", "複製市"))
            }
            place = {"latitude": 23.0, "longitude": 113.7, "precision": 0.01}
            city["claims"]["P625"] = [_statement(place)]
            city["claims"]["P442"] = [_statement("449900")]
            city["sitelinks"] = {"enwiki": {"site": "enwiki", "title": "Replicaville"}}
            city["claims"]["P17"] = [_statement({"entity-type": "item", "id": "Q148"})]
            city["claims"]["P31"] = [_statement({"entity-type": "item", "id": "Q1549591"})]
        elif item == FOUND:
            city["claims"]["P17"] = [_statement({"entity-type": "item", "id": "Q148"})]
        elif item not in ("Q15174", "Q4970", "Q8646"):
            return None
        return as_json({"entities": {item: city}})

    def _links(self, query: dict[str, str]) -> Answer:
        links = {ADDED: {"enwiki": {"site": "enwiki", "title": "Replicaville", "badges": []}}}
        if "titles" in query:
            items = {"-1": {"site": "enwiki", "title": query["titles"].split("|")[0], "missing": ""}}
            if "Guangzhou" in query["titles"].split("|"):
                items[FOUND] = {
                    "type": "item", "id": FOUND, "labels": {"en": {"language": "en", "value": "Guangzhou"}},
                    "sitelinks": {"enwiki": {"site": "enwiki", "title": "Guangzhou", "badges": []}},
                }  # fmt: skip
            return as_json({"entities": items, "success": 1})
        ids = query["ids"].split("|")
        entities = {i: {"type": "item", "id": i, "sitelinks": links.get(i, {})} for i in ids}
        return as_json({"entities": entities, "success": 1})

    def _views(
        self, query: dict[str, str], language: str, title: str, first: str, last: str
    ) -> Answer | None:
        if title not in ("Shenzhen", "深圳市", "Tesla,_Inc.", "Tesla_Motors", "Replicaville"):
            return None
        day, end = date.fromisoformat(first), date.fromisoformat(last)
        items = []
        while day <= end:
            items.append({
                "project": f"{language}.wikipedia", "article": title, "granularity": "daily",
                "timestamp": f"{day:%Y%m%d}00", "access": "all-access", "agent": "user",
                "views": 500 + day.toordinal() % 97,
            })  # fmt: skip
            day += timedelta(days=1)
        return as_json({"items": items})

    def _hot(self, name: str) -> Callable[..., Answer | None]:
        body = recorded(f"hot_lists/{name}_2025-01-28.json")

        def day(query: dict[str, str], day: str) -> Answer | None:
            age = (self.today - date.fromisoformat(day)).days
            return Answer(body, TEXT) if max(1, self.ended) <= age <= self.hot_days else None

        return day

    def _ranking(self, query: dict[str, str], owner: str, day: str) -> Answer | None:
        there = date.fromisoformat(day)
        fresh = (self.today - there).days == 1 or there.day == self.ranking_day
        name = "2025-02-26" if owner == "EvanLi" else "ai_2026-08-22"
        return Answer(recorded(f"github_ranking/{name}.csv"), TEXT) if fresh else None

    def _faculty(self, query: dict[str, str]) -> Answer:
        return Answer(recorded("csrankings/csrankings_2024-10-24.csv"), TEXT)

    def _clusters(self, query: dict[str, str], year: str) -> Answer:
        """Answer a table in the shape its words describe; no copy of the real one is known."""
        rows = "<tr><td>1</td><td>Shenzhen–Hong Kong–Guangzhou</td></tr><tr><td>13</td><td>Hangzhou</td></tr>"
        head = f"<h1>Global Innovation Index {year}</h1><table><tr><th>Rank</th><th>Cluster name</th></tr>"
        return Answer(f"{head}{rows}</table>".encode(), HTML)

    def _patents(self, query: dict[str, str], year: str, page: str) -> Answer | None:
        """Answer the chapter of PCT applications of 2023 and its recorded table; no list page is known."""
        if (year, page) == ("2023", "f/f4"):
            return Answer(recorded("cnipa/pct_2023.html"), HTML)
        text = '<a href="f/f4.html">6-4 PCT国际专利申请受理量</a>'
        return Answer(text.encode(), HTML) if (year, page) == ("2023", "f") else None

    def _annual_report(self, query: dict[str, str], year: str) -> Answer:
        heads = "".join(f"<td>{int(year) - n}</td>" for n in (0, 1))
        units = "<td>(USD Million)</td><td>(CNY Million)</td>"
        row = "<tr><td>Revenue</td><td>92,379</td><td>642,338</td><td>636,807</td></tr>"
        table = f"<table><tr><td></td>{heads}</tr><tr><td></td>{units}</tr>{row}</table>"
        return Answer(table.encode(), HTML)

    def _repositories(self, query: dict[str, str], org: str) -> Answer | None:
        if org != "deepseek-ai":
            return None
        link = json.loads(recorded("github/org_repos_headers.json"))["headers"]["Link"]
        return Answer(recorded("github/org_repos.json"), JSON, {"Link": link})

    def _more_repositories(self, query: dict[str, str]) -> Answer:
        return as_json([{"full_name": "deepseek-ai/further", "fork": False, "stargazers_count": 9}])

    def _models(self, query: dict[str, str]) -> Answer:
        if query["author"] != "deepseek-ai":
            return as_json([])
        number = "2" if "cursor" in query else "1"
        link = '<https://huggingface.co/api/models?author=deepseek-ai&cursor=xyz>; rel="next"'
        model = {"_id": number, "id": f"deepseek-ai/model-{number}", "likes": 5, "downloads": 70}
        return as_json([model], **({} if "cursor" in query else {"Link": link}))

    def _institution(self, query: dict[str, str], ror: str) -> Answer:
        body = json.loads(recorded("openalex/institution_I123534392.json"))
        return as_json(
            body | {"ror": f"https://ror.org/{ror}", "id": f"https://openalex.org/I{int(ror, 36)}"}
        )

    def _stock(self, query: dict[str, str]) -> Answer:
        info = {"stockId": int(query["name"]) + 1000, "code": query["name"], "name": "COMPANY"}
        text = f"callback({json.dumps({'more': '1', 'stockInfo': [info]})});"
        return Answer(text.encode(), "text/javascript; charset=UTF-8")

    def _titles(self, query: dict[str, str]) -> Answer:
        names = {"40100": "ANNUAL REPORT", "40200": "INTERIM REPORT"}
        kind = names.get(query["t2code"], "PRODUCTION AND SALES VOLUME FOR DECEMBER")
        rows = [
            {
                "TITLE": f"{kind} {year}",
                "DATE_TIME": f"08/04/{year + 1} 16:31",
                "FILE_LINK": f"/listedco/listconews/sehk/{year + 1}/0408/{query['stockId']}{kind[:1]}.pdf",
                "STOCK_NAME": "COMPANY<br/>COMPANY-R",
            }
            for year in range(self.today.year - 2, 2014, -1)
        ]
        return as_json({"result": json.dumps(rows), "recordCnt": len(rows), "hasNextRow": False})

    def _org(self, query: dict[str, str]) -> Answer:
        row = {
            "code": query["keyWord"],
            "orgId": f"gssz0{query['keyWord']}",
            "category": "A股",
            "zwjc": "公司",
        }
        answer = as_json([row])
        answer.etag = False
        return answer

    def _announcements(self, query: dict[str, str]) -> Answer:
        code = query["stock"].partition(",")[0]
        name = "半年度报告" if "bndbg" in query["category"] else "年度报告"
        year = self.today.year - 2 - int(query["pageNum"])
        row = {
            "secCode": code, "secName": "公司", "announcementTitle": f"{year}年<em>{name}</em>",
            "announcementTime": 1_742_832_000_000 - 31_536_000_000 * (2024 - year),
            "adjunctUrl": f"finalpage/{year + 1}-03-25/{code}{len(name)}.PDF",
        }  # fmt: skip
        more = int(query["pageNum"]) < 3
        answer = as_json({"announcements": [row], "totalAnnouncement": 3, "hasMore": more})
        answer.etag = False
        return answer

    def _library(self, query: dict[str, Any]) -> Answer:
        """Answer the recorded GDP of cities, in the recorded shape, and made-up figures of other measures."""
        shown = {
            "35613910b9ad47e19cf79ae041ccb7ed": "",
            "3825c2d7a32b4cf6b3d72fc5ed9e62c6": "年末户籍人口 (万人) ",
            "38ab34487419483b9e826c5d80a9c3ce": "城镇非私营单位在岗职工平均工资 (元) ",
            "35aeb374f06c48f1b293917b06ccc27d": "地方一般公共预算收入 (亿元) ",
        }
        areas = {one["value"] for one in query["das"]}
        groups = json.loads(recorded("nbs_city/esData_gdp_2024.json"))["data"]
        groups = (
            [one for one in groups if one["code"] in areas]
            if shown.keys() & set(query["indicatorIds"])
            else []
        )
        recorded_areas = {one["code"] for one in groups}
        for area, name in (("449900000000", "复制市"), ("510100000000", "成都市")):
            if groups and area in areas - recorded_areas:
                groups.append(groups[0] | {"code": area, "name": name})
        for group in groups:
            (row,) = group["values"]
            names = [shown[i] or row["i_showname"] for i in query["indicatorIds"] if i in shown]
            group["values"] = [
                row | {"i_showname": name, "value": row["value"] if "生产总值" in name else "1234.5"}
                for name in names
            ]
        answer = as_json({"success": True, "state": 20000, "message": "成功", "data": groups})
        answer.etag = False
        return answer

    def _report(self, query: dict[str, str], kind: str) -> Answer:
        if kind == "P":
            sales = "420,398 514,809 4,602,436 4,272,145 7.73%"
            return Answer(
                pdf([f"New energy vehicle {sales.replace('436', '437')} {sales}"]), "application/pdf"
            )
        year = self.today.year - 2
        lines = (f"{year} {year - 1}", "RMB'Million", "Revenues 5 751,766 660,257")
        return Answer(pdf(["CONSOLIDATED INCOME STATEMENT", *lines]), "application/pdf")

    def _models_listed(self, query: dict[str, str]) -> Answer:
        return Answer(recorded("llm_list/README.md"), TEXT)

    def _ranks(self, query: dict[str, str]) -> Answer:
        rows = json.loads(recorded("shanghairanking/arwu_2025_rewritten.json"))["data"]
        ranks = [{"ranking": str(one["rank"]), "univNameEn": one["name"]} for one in rows]
        return as_json({"code": 200, "data": {"rankings": ranks}})

    def _facts(self, query: dict[str, str], cik: str) -> Answer | None:
        names = {"0000320193": "apple", "0001652044": "alphabet"}
        row = {"start": "2025-01-01", "end": "2025-12-31", "val": 5, "form": "10-K", "filed": "2026-02-01"}
        other = {
            "entityName": "Meta Amazon Netflix Tesla PDD Alibaba JD.com Booking Airbnb NetEase Trip.com",
            "facts": {"us-gaap": {"Revenues": {"units": {"USD": [row]}}}},
        }
        return Answer(recorded(f"sec/companyfacts_{names[cik]}.json")) if cik in names else as_json(other)

    def _bureau(self, query: dict[str, str], which: str | None) -> Answer:
        """Answer a bureau's list, which names the recorded page below it, or a list that names none."""
        titles = {
            "sztjj": "2025年苏州市国民经济和社会发展统计公报",
            "szstjjwzgkml": "深圳市2024年国民经济和社会发展统计公报",
            "fsjdgnsczz": "2025年各市地区生产总值初步核算结果",
            "sj/tjgb": "2023年全国科技经费投入统计公报",
        }
        title = titles.get(which or "", "统计公报目录")
        return Answer(f'<ul><li><a href="recorded.html">{title}</a></li></ul>'.encode(), HTML)

    def _communique(self, query: dict[str, str], which: str) -> Answer:
        names = {
            "sztjj": "suzhou_2025",
            "szstjjwzgkml": "shenzhen_2024_trimmed",
            "fsjdgnsczz": "guangdong_2025",
            "sj/tjgb": "rd_2023_trimmed",
        }
        return Answer(recorded(f"communiques/{names[which]}.html"), HTML)

    def _figures(self, query: dict[str, str]) -> Answer:
        """Answer the recorded row of Tencent; the others have the same figures under their own code."""
        code = query["filter"].partition('SECUCODE="')[2].partition('"')[0]
        body = json.loads(recorded("eastmoney/hkf10_maindata_00700_trimmed.json"))
        (row,) = body["result"]["data"]
        if not code.endswith("HK"):
            row |= {"TOTALOPERATEREVE": 5.5e11, "PARENTNETPROFIT": 3e10, "REPORT_DATE": "2025-12-31 00:00:00"}
        row["SECUCODE"] = code
        return as_json(body | {"success": True})


def _statement(value: Any) -> dict[str, Any]:
    snak = {"snaktype": "value", "datavalue": {"value": value, "type": "any"}}
    return {"mainsnak": snak, "rank": "normal", "type": "statement"}


@contextmanager
def replicated(today: date) -> Iterator[Replica]:
    replica = Replica(today)
    try:
        yield replica
    finally:
        replica.close()
