"""Export's promises: right names, whole files, only what is not current, failures named, the rest written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from pictures import sample

from dashboard import export as exporter
from dashboard.dataset import Dataset, Source
from dashboard.export import FORMATS, ExportError, Failure, export, files, formats, size_of, work
from dashboard.export.formats import Figure
from dashboard.figures import figure_ids
from dashboard.safe_csv import neutral

TESTS = Path(__file__).resolve().parent
FROZEN = TESTS / "fixtures" / "dataset"
ESSAY = TESTS.parent / "data" / "essay"


@pytest.fixture
def small() -> Dataset:
    """A dataset of one source and no observation."""
    import pandas as pd

    from dashboard.dataset import OBSERVATION_COLUMNS

    about = {
        "copy_url": "",
        "custody": "issuer",
        "locator_hint": "",
        "collector": "",
        "sha256": "",
        "note": "",
    }
    source = Source(
        source_id="s1", title="GDP <b>2025</b>", publisher="Bureau", url="https://example.org/gdp",
        tier="official", licence="CC0", retrieved="2026-01-02", published="2025", **about,
    )  # fmt: skip
    bad = Source(
        source_id="s2", title="Elsewhere", publisher="Press", url="javascript:alert(1)", tier="press",
        licence="", retrieved="2026-01-03", published="", **about,
    )  # fmt: skip
    return Dataset.from_frames(
        entities=[], indicators=[], sources=[source, bad], version="abc123",
        observations=pd.DataFrame(columns=list(OBSERVATION_COLUMNS)),
    )  # fmt: skip


@pytest.fixture
def charts(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Hand-made charts in place of the story's, by id; an exception among them is raised."""
    made: dict[str, object] = {"gdp": sample.gdp, "heat": sample.heat}

    def build(reference: str, dataset: Dataset, lang: str, form: str) -> object:
        maker = made[reference]
        if isinstance(maker, Exception):
            raise maker
        return maker(lang)  # type: ignore[operator]

    monkeypatch.setattr(work, "chart_of", build)
    monkeypatch.setattr("dashboard.figures.figure_ids", lambda _: list(made))
    return made


def hashes(out: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in out.iterdir()}


def test_every_format_is_written_under_its_name(small: Dataset, charts: object, tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    report = export(
        small, None, FORMATS, ["en", "zh-Hant"], tmp_path, themes=["dark"], scale=1,
        progress=lambda *a: told.append(a),
    )  # fmt: skip
    expected = {
        f"{f}.{lang}.dark.{ext}" for f in ("gdp", "heat") for lang in ("en", "zh-Hant") for ext in FORMATS
    }
    assert set(report.written) == expected
    assert {p.name for p in tmp_path.iterdir()} == expected | {"manifest.json"}
    assert report.exit_code == 0
    assert [t[:2] for t in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    starts = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg", "zip": b"PK", "html": b"<!doctype html>"}
    for ext, start in starts.items():
        assert (tmp_path / f"gdp.en.dark.{ext}").read_bytes().startswith(start)


def test_the_manifest_tells_hash_dataset_and_documents(
    small: Dataset, charts: object, tmp_path: Path
) -> None:
    export(small, ["gdp"], ["csv", "svg"], ["en"], tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["dataset"] == {"version": "abc123", "date": "2026-01-03"}
    assert set(manifest["files"]) == {"gdp.en.light.csv", "gdp.en.light.svg"}
    for name, entry in manifest["files"].items():
        body = (tmp_path / name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(body).hexdigest()
        assert entry["bytes"] == len(body)
        assert entry["dataset_version"] == "abc123"
        assert [s["url"] for s in entry["sources"]] == ["https://example.org/gdp", "javascript:alert(1)"]


def test_a_second_run_makes_only_what_is_not_current(small: Dataset, charts: object, tmp_path: Path) -> None:
    first = export(small, ["gdp"], ["csv", "svg", "json"], ["en"], tmp_path)
    before = hashes(tmp_path)
    again = export(small, ["gdp"], ["csv", "svg", "json"], ["en"], tmp_path)
    assert (again.written, again.skipped) == ([], first.written)
    (tmp_path / "gdp.en.light.csv").write_text("spoilt")
    (tmp_path / "gdp.en.light.svg").unlink()
    fixed = export(small, ["gdp"], ["csv", "svg", "json"], ["en"], tmp_path)
    assert fixed.written == ["gdp.en.light.csv", "gdp.en.light.svg"]
    assert hashes(tmp_path) == before
    other = export(small, ["gdp"], ["csv", "svg", "json"], ["en"], tmp_path, size="square")
    assert len(other.written) == 3, "another size is made from something else"


@pytest.mark.parametrize(
    "changed", ["claims/tree.py", "figures/layout.py", "records.py", "locale/messages/figures.en.json"]
)
def test_whatever_decides_a_picture_makes_it_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: str
) -> None:
    def code(directory: str, names: list[str]) -> set[str]:
        return {n for n in names if Path(n).suffix not in ("", ".py", ".json", ".html") or n == "assets"}

    copy = tmp_path / "dashboard"
    shutil.copytree(files.PACKAGE, copy, ignore=code)
    before = files.code_version()
    monkeypatch.setattr(files, "PACKAGE", copy)
    assert files.code_version() == before, "where it is installed changes nothing"
    with (copy / changed).open("a") as handle:
        handle.write("\n")
    assert files.code_version() != before


def test_a_damaged_manifest_only_means_work(small: Dataset, charts: object, tmp_path: Path) -> None:
    export(small, ["gdp"], ["csv"], ["en"], tmp_path)
    for spoilt in ("", "[]", '{"files": 3}', '{"files": {"gdp.en.light.csv": 1}}'):
        (tmp_path / "manifest.json").write_text(spoilt)
        assert export(small, ["gdp"], ["csv"], ["en"], tmp_path).written == ["gdp.en.light.csv"]


def test_a_figure_that_fails_is_named_and_the_rest_written(
    small: Dataset, charts: dict[str, object], tmp_path: Path
) -> None:
    charts["broken"] = ValueError("no such\nseries")
    report = export(small, None, ["csv", "svg"], ["en"], tmp_path)
    assert report.failed == [
        Failure("broken.en.light.csv", "no such series"),
        Failure("broken.en.light.svg", "no such series"),
    ]
    assert report.exit_code == 3
    assert len(report.written) == 4


def test_one_format_that_fails_stops_no_other(
    small: Dataset, charts: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(figure: Figure) -> bytes:
        raise OSError("no ink")

    monkeypatch.setitem(formats.MAKERS, "pdf", burst)
    report = export(small, ["gdp"], ["csv", "pdf", "zip"], ["en"], tmp_path)
    assert report.written == ["gdp.en.light.csv"]
    assert {f.file: f.why for f in report.failed} == {
        "gdp.en.light.pdf": "no ink",
        "gdp.en.light.zip": "pdf: no ink",
    }


def test_a_figure_that_takes_too_long_is_given_up(
    small: Dataset, charts: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "LIMIT", 0.2)

    def endless(lang: str) -> object:
        while True:
            pass

    charts["endless"] = endless
    report = export(small, None, ["csv"], ["en"], tmp_path)
    assert [f.file for f in report.failed] == ["endless.en.light.csv"]
    assert "longer than 0.2 s" in report.failed[0].why
    assert len(report.written) == 2


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"figures": ["gpd"]}, "unknown figure 'gpd'; nearest: gdp"),
        ({"formats": ["gif"]}, "unknown format 'gif'; nearest: "),
        ({"langs": ["zh"]}, "unknown lang 'zh'; nearest: zh-H"),
        ({"langs": []}, "nothing named to export"),
        ({"themes": ["blue"]}, "unknown theme 'blue'"),
        ({"size": "huge"}, "--size 'huge' is not one of article, square, slide, a4 nor WIDTHxHEIGHT"),
        ({"size": "10x10"}, "each side is from 240"),
        ({"scale": 0.0}, "--scale 0"),
        ({"scale": 20.0, "size": "8000x8000"}, "too large"),
        ({"urls": ["https://example.org/?i=gdp"]}, "is not an explorer address"),
        ({"figures": []}, "nothing named to export"),
    ],
)
def test_what_is_unknown_is_one_line_and_writes_nothing(
    small: Dataset, charts: object, tmp_path: Path, bad: dict[str, object], said: str
) -> None:
    given = {"figures": ["gdp"], "formats": ["csv"], "langs": ["en"], "out": tmp_path / "out", **bad}
    with pytest.raises(ValueError) as caught:
        export(small, **given)  # type: ignore[arg-type]
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_sizes() -> None:
    assert size_of("slide") == (1600, 900)
    assert size_of("1600x900") == (1600, 900)
    assert size_of("1200x") == (1200, None)


def test_an_output_that_cannot_be_written_is_one_line(
    small: Dataset, charts: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match=r"cannot be written .* choose another --out$"):
        export(small, ["gdp"], ["csv"], ["en"], tmp_path / "file")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(ExportError, match="No space left on device"):
        export(small, ["gdp"], ["csv"], ["en"], tmp_path / "full")
    assert list((tmp_path / "full").iterdir()) == [], "no half file stays behind"


def test_a_read_only_directory_is_one_line(
    small: Dataset, charts: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # nobody may not read the package where it lies in somebody's closed home
    monkeypatch.setattr(exporter, "code_version", lambda: "as it is")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    export(small, ["gdp"], ["csv"], ["en"], tmp_path / "open")  # all that is read at first use is read
    with unprivileged(), pytest.raises(ExportError, match=r"closed: cannot be written \(Permission denied\)"):
        export(small, ["gdp"], ["csv"], ["en"], closed)
    assert not list(closed.iterdir())


@contextmanager
def unprivileged() -> Iterator[None]:
    """The superuser writes everywhere: act as nobody for a while where the tests run as root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


PAUSING = """
import os, time
from pathlib import Path
import dashboard.cli, dashboard.export as export

whole, written = export.write, []

def write(path, body):
    whole(path, body)
    written.append(path)
    if len(written) == 6:
        Path(os.environ["PAUSED"]).touch()
        time.sleep(600)

if __name__ == "__main__":
    export.write = write
    dashboard.cli.main()
"""
"""The command, which stands still once six files are written: however busy the machine, it is not done."""


@pytest.mark.parametrize(
    ("how", "jobs"), [(signal.SIGINT, "2"), (signal.SIGTERM, "1"), (signal.SIGKILL, "2")]
)
def test_however_a_batch_ends_its_files_are_whole_and_its_workers_gone(
    tmp_path: Path, how: int, jobs: str
) -> None:
    """Ctrl-C goes to the whole group, as from a terminal; the others to the parent alone."""
    out, paused = tmp_path / "out", tmp_path / "paused"
    formats = [
        "export",
        "--all",
        "--format",
        "svg,png",
        "--jobs",
        jobs,
        "--lang",
        "en,zh-Hans",
        "--scale",
        "1",
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", PAUSING, *formats, "--out", str(out)],
        cwd=TESTS.parent, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PURSUIT_DATA": str(FROZEN), "PURSUIT_ESSAY": str(ESSAY), "PAUSED": str(paused)},
        # a shell that runs things in the background has Ctrl-C ignored, and we inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        until(lambda: paused.exists() or process.poll() is not None, 300)
        (os.killpg if how == signal.SIGINT else os.kill)(process.pid, how)
        said = process.communicate(timeout=300)[1]  # a worker left behind would hold the pipe for ever
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    left = [p for p in out.iterdir() if p.name.startswith(".")]
    names = [p for p in out.iterdir() if p not in left]
    assert len(names) >= 6
    for path in names:
        whole = {".svg": b"</svg>", ".png": b"IEND\xaeB`\x82", ".json": b"}\n"}[path.suffix]
        assert path.read_bytes().endswith(whole), path.name
    if how == signal.SIGKILL:
        (out / f".old.svg{files._PART}").write_bytes(b"half")
        files.Manifest(out)
        assert not [p for p in out.iterdir() if p.name.startswith(".")], "left-overs of the dead are swept"
    else:
        assert process.returncode == 130
        assert said.startswith("pursuit: interrupted; every file written is whole")
        assert said.count("\n") == 1
        assert not left
        assert json.loads((out / "manifest.json").read_text("utf-8"))["files"], "what was made is known"


def until(true: Callable[[], bool], seconds: float = 180) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_worker_processes_write_the_same_bytes(dataset: Dataset, tmp_path: Path) -> None:
    ids = figure_ids(dataset)[:3]
    one = export(dataset, ids, ["svg", "pdf", "json"], ["zh-Hans"], tmp_path / "1")
    two = export(dataset, ids, ["svg", "pdf", "json"], ["zh-Hans"], tmp_path / "2", jobs=2)
    assert not one.failed
    assert one.written == two.written
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")


def test_a_worker_that_dies_costs_only_its_own_figure(
    small: Dataset, charts: dict[str, object], tmp_path: Path
) -> None:
    def dies(lang: str) -> object:
        """End the process, as running out of memory would."""
        os._exit(9)

    charts["deadly"] = dies
    report = export(small, None, ["csv"], ["en"], tmp_path, jobs=2)
    assert report.written == ["gdp.en.light.csv", "heat.en.light.csv"]
    assert [f.file for f in report.failed] == ["deadly.en.light.csv"]
    assert "process died" in report.failed[0].why


def test_an_explorer_address_becomes_a_file(dataset: Dataset, tmp_path: Path) -> None:
    url = "/explore?i=gdp&e=shenzhen~hangzhou&v=line&nonsense=1"
    report = export(dataset, [], ["svg", "csv"], ["en"], tmp_path, urls=[url])
    assert not report.failed
    assert len(report.written) == 2
    assert re.fullmatch(r"explore-[0-9a-f]{8}\.en\.light\.csv", report.written[0])


def figure(small: Dataset, lang: str = "en") -> Figure:
    return Figure(sample.gdp(lang), small, "light", 640, None, 1)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\u3000＝", "\n="]
)
def test_texts_that_a_spreadsheet_would_run_are_disarmed(small: Dataset, start: str) -> None:
    evil = f"{start}cmd|' /C calc'!A0"
    assert neutral(evil) == f"'{evil}"
    one = figure(small)
    table = sample.Table((evil, "value"), ((evil, -3.5), ("2024", None)))
    body = formats.to_csv(Figure(sample.replace(one.chart, table=table), small, "light", 640, None, 1))
    assert body.startswith(b"\xef\xbb\xbf"), "Excel reads UTF-8 by its mark"
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert rows == [[f"'{evil}", "value"], [f"'{evil}", "-3.5"], ["2024", ""]]


def test_numbers_in_csv_read_back_equal(small: Dataset) -> None:
    values = (0.1 + 0.2, 1e21, 123456789012, -0.5, 3.0)
    chart = sample.replace(sample.gdp("en"), table=sample.Table(("value",), tuple((v,) for v in values)))
    body = formats.to_csv(Figure(chart, small, "light", 640, None, 1)).decode("utf-8-sig")
    assert tuple(map(float, body.split()[1:])) == values


def test_html_is_one_file_that_asks_for_nothing(small: Dataset) -> None:
    chart = sample.everywhere(sample.gdp("en"), "<script>alert(1)</script>")
    chart = sample.replace(chart, sources=("s1", "s2"))
    text = formats.to_html(Figure(chart, small, "light", 640, None, 1)).decode("utf-8")
    outside = re.sub(r"<script>.*?</script>", "", text, flags=re.S)
    assert not re.search(r"""(?:src|href)=["']?(?!https://example\.org/gdp)[a-z]""", outside)
    assert "javascript:" not in outside
    assert "<script>alert" not in text.replace(formats.bundle(), "")
    assert "default-src 'none'" in text
    assert "GDP &lt;b&gt;2025&lt;/b&gt;" in text
    data = json.loads(re.search(r'id="figure">(.*?)</script>', text, flags=re.S)[1])  # type: ignore[index]
    assert data["config"]["showSendToCloud"] is False
    assert data["config"]["displaylogo"] is False
    assert "Plotly" in text
    assert "<svg" in text, "the picture stands for readers without a script"


def test_json_has_the_figure_its_data_and_its_documents(small: Dataset) -> None:
    body = json.loads(formats.to_json(figure(small)))
    assert body["table"]["rows"][0] == ["2000", 0.22]
    assert body["sources"][0]["url"] == "https://example.org/gdp"
    assert body["dataset"]["version"] == "abc123"
    assert body["figure"]["data"]


def test_a_zip_holds_everything_and_a_readme(small: Dataset) -> None:
    made, failed = formats.make(figure(small), ("zip",))
    assert not failed
    assert set(made) == {"zip"}
    with zipfile.ZipFile(io.BytesIO(made["zip"])) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["README.txt", *(f"gdp_gap.{e}" for e in FORMATS if e != "zip")]
        assert {i.date_time[0] for i in archive.infolist()} == {1980}, "no trace of when it was made"
        readme = archive.read("README.txt").decode("utf-8")
    for said in (sample.gdp("en").title, "https://example.org/gdp", "abc123", "CC BY 4.0"):
        assert said in readme
    again, _ = formats.make(figure(small), ("zip",))
    assert again == made


def test_five_hundred_exports_leave_nothing_behind(small: Dataset) -> None:
    """Processes, descriptors and memory stand still, though every picture has words of its own."""

    process = psutil.Process()

    def held() -> tuple[int, int, float]:
        return len(process.children()), process.num_fds(), process.memory_info().rss / 1e6

    def draw(n: int) -> None:
        chart = sample.replace(sample.gdp("en"), title=f"Figure {n}", id=f"figure-{n}")
        one = Figure(chart, small, "light", 400, None, 0.2)
        made, failed = formats.make(one, ("svg", "png", "pdf"))
        assert not failed
        assert len(made) == 3

    for n in range(84):  # three files each
        draw(n)
    before = held()
    for n in range(84, 168):
        draw(n)
    after = held()
    assert after[:2] == before[:2]
    assert after[2] < before[2] + 24, "megabytes"


def test_a_character_that_no_font_has_is_named_and_ends_in_exit_3(
    small: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chart = replace(sample.gdp("en"), title="Town of 𠮷野")
    monkeypatch.setattr(work, "chart_of", lambda reference, dataset, lang, form: chart)
    monkeypatch.setattr("dashboard.figures.figure_ids", lambda _: ["gdp"])
    for _ in range(2):  # also when the file is current and only the note is left to say
        report = export(small, ["gdp"], ["png", "csv"], ["en"], tmp_path, size="640x400")
        assert report.exit_code == 3
        assert report.missing_glyphs == ["gdp.en.light.png: no glyph for 𠮷 (U+20BB7) in “Town of 𠮷野”"]
