"""What the collecting side's tests share: a small dataset, made-up sources, a scripted local server."""

# ruff: noqa: E501 - tables of cases read better on one line each

from __future__ import annotations

import csv
import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from etl.network import Clock, Limits
from etl.options import RunEnvironment
from etl.schema import CURATED, TABLES
from etl.sources.base import Context, Parsed, Request, Requests, Snapshot, Source
from etl.tidy import source_id_for

URL = "https://data.example.org/gdp.csv"
DOCUMENT = source_id_for(URL)


class FakeClock(Clock):
    """Time that passes only when somebody sleeps."""

    def __init__(self, now: str = "2026-11-22T10:00:00Z") -> None:
        self.time = 0.0
        self.slept: list[float] = []
        self.text = now
        super().__init__(sleep=self._sleep, monotonic=lambda: self.time, now=lambda: self.text)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def table(names: Sequence[str], *rows: Sequence[object]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue()


def curated_row(entity: str, indicator: str, period: str, value: str, unit: str = "CNY 100M", **more: str) -> list[str]:  # fmt: skip
    row = {
        "entity_id": entity, "indicator_id": indicator, "period": period, "value": value, "unit": unit,
        "status": "final", "basis": "nominal", "source_title": "Communiqué", "tier": "official",
        "source_url": "https://tjj.example.gov.cn/2024.html", "publisher": "Bureau", "published": "2025-03",
        "locator": "table 1", "excerpt": "", "note": "",
    } | more  # fmt: skip
    return [row[name] for name in CURATED.names]


ENTITIES = [
    [
        "beijing",
        "city",
        "yardsticks",
        "Beijing",
        "北京",
        "北京",
        "Q956",
        "",
        "",
        "110000",
        "",
        "",
        "",
        "",
        "",
    ],
    [
        "hangzhou",
        "city",
        "pursuers",
        "Hangzhou",
        "杭州",
        "杭州",
        "Q4970",
        "",
        "",
        "330100",
        "30.25",
        "120.17",
        "",
        "",
        "",
    ],
    [
        "shenzhen",
        "city",
        "",
        "Shenzhen",
        "深圳",
        "深圳",
        "Q15174",
        "",
        "",
        "440300",
        "22.54",
        "114.06",
        "",
        "",
        "",
    ],
    [
        "tencent",
        "company",
        "elephants",
        "Tencent",
        "腾讯",
        "騰訊",
        "Q860580",
        "shenzhen",
        "",
        "",
        "",
        "",
        "1998",
        "",
        "",
    ],
]


def indicator(name: str, unit: str, kind: str = "flow", frequency: str = "annual", domain: str = "economy") -> list[str]:  # fmt: skip
    return [
        name, domain, "city", name, "名", "名", unit, kind, frequency, "", "About.", "说明。", "說明。", "linear",
    ]  # fmt: skip


INDICATORS = [
    indicator("gdp", "CNY"),
    indicator("gdp_growth", "%", "rate"),
    indicator("population_resident", "persons", "stock", domain="people"),
    indicator("qs_rank", "rank", "rank", domain="innovation"),
]


def make_dataset(root: Path, curated: Sequence[Sequence[str]] | None = None) -> Path:
    """Write a small valid dataset of inputs (nothing published yet) and return its directory."""
    data = root / "data"
    for folder in ("curated", "essay"):
        (data / folder).mkdir(parents=True, exist_ok=True)
    for name in ("notes", "gaps", "keywords"):
        (data / TABLES[name].path).write_text(table(TABLES[name].names), "utf-8")
    (data / "entities.csv").write_text(table(TABLES["entities"].names, *ENTITIES), "utf-8")
    (data / "indicators.csv").write_text(table(TABLES["indicators"].names, *INDICATORS), "utf-8")
    rows = curated if curated is not None else [
        curated_row("hangzhou", "gdp", "2024", "21860"),
        curated_row("shenzhen", "gdp", "2023", "34606.4"),
        curated_row("shenzhen", "gdp", "2024", "36801.87"),
    ]  # fmt: skip
    write_curated(data, rows)
    return data


def write_curated(data: Path, rows: Sequence[Sequence[str]]) -> None:
    (data / "curated" / "gdp.csv").write_text(table(CURATED.names, *rows), "utf-8")


@dataclass
class World:
    """A dataset, a cache, a clock and sources of the test's own."""

    root: Path
    sources: list[Source] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    env: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.root / "data"

    def setting(self) -> RunEnvironment:
        def find(names: Sequence[str]) -> list[Source]:
            return [s for s in self.sources if not names or s.id in names]

        env = {"PURSUIT_DATA": str(self.data), "PURSUIT_CACHE": str(self.root / "cache"), **self.env}
        return RunEnvironment(env=env, clock=self.clock, limits=Limits(attempts=2), find=find)

    def files(self) -> dict[str, tuple[bytes, int, int]]:
        """Content, time of change and inode of every file of the dataset."""
        return {
            str(p.relative_to(self.data)): (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_ino)
            for p in sorted(self.data.rglob("*"))
            if p.is_file()
        }

    def bytes(self) -> dict[str, bytes]:
        return {name: content for name, (content, _, _) in self.files().items()}


class TableSource(Source):
    """Reads ``entity,indicator,period,value`` lines from one address; the simplest real source."""

    id: ClassVar[str] = "worldbank"
    title: ClassVar[str] = "Test table"
    cadence_days: ClassVar[int] = 30
    hosts: ClassVar[tuple[str, ...]] = ("data.example.org",)
    rate_per_second: ClassVar[float] = 100.0

    def requests(self, context: Context) -> Requests:
        return [Request(URL, accept=("text/csv",))]

    def parse(self, snapshots: Sequence[Snapshot], context: Context) -> Parsed:
        rows = [line.split(",") for line in snapshots[0].body.decode("utf-8").split()]
        document = {
            "source_id": DOCUMENT, "title": "Table", "publisher": "Example", "url": URL, "tier": "official", "custody": "relay",
            "retrieved": snapshots[0].fetched, "sha256": snapshots[0].sha256, "licence": "CC-BY-4.0",
        }  # fmt: skip
        observations = [
            {"entity_id": e, "indicator_id": i, "period": p, "value": v, "source_id": DOCUMENT,
             "status": "final", "locator": f"line {n}"}
            for n, (e, i, p, v) in enumerate(rows, 1) if context.wants(e)
        ]  # fmt: skip
        return Parsed.of(observations, [document])


class Conversation:
    """One accepted connection: what was asked, and ways to answer it rightly and wrongly."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.head = b""
        while b"\r\n\r\n" not in self.head and (piece := connection.recv(65536)):
            self.head += piece
        self.line = self.head.split(b"\r\n", 1)[0].decode("latin-1")

    def header(self, name: str) -> str:
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            if line.lower().startswith(name.lower() + ":"):
                return line.split(":", 1)[1].strip()
        return ""

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Script = Callable[[Conversation], None]


class ScriptedServer:
    """A server on 127.0.0.1 that plays one script a request; the last one again and again."""

    def __init__(self, scripts: Sequence[Script]) -> None:
        self.scripts = list(scripts)
        self.asked: list[Conversation] = []
        self.ending = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                try:
                    conversation = Conversation(connection)
                    if not conversation.line:
                        continue
                    self.asked.append(conversation)
                    self.scripts[min(len(self.asked), len(self.scripts)) - 1](conversation)
                except OSError:
                    continue  # the client has gone, which some scripts want

    def close(self) -> None:
        self.ending.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(timeout=5)


@contextmanager
def serving(*scripts: Script) -> Iterator[ScriptedServer]:
    server = ScriptedServer(scripts)
    try:
        yield server
    finally:
        server.close()


def csv_answer(body: str, **headers: str) -> Script:
    return lambda c: c.answer(200, body.encode(), **{"Content_Type": "text/csv; charset=utf-8", **headers})
