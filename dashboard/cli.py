"""``pursuit``: one command for both sides; the only module that knows ``etl`` and ``dashboard``."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from dashboard.dataset import LANGS, Dataset, DatasetError, Lang
from dashboard.dataset.object_store import follow, is_remote, pull
from dashboard.paths import data_dir
from etl.cli import PLAIN, hooks
from etl.cli import app as collecting
from etl.console import emit, print_records, run

app = typer.Typer(
    name="pursuit",
    help="Shenzhen against Hangzhou: a much-shared essay, quote by quote, beside public figures.",
    **PLAIN,
)
console = Console()
errors = Console(stderr=True)
LOOPBACK = ("127.0.0.1", "localhost", "::1")

DataOption = Annotated[
    str | None, typer.Option("--data", help="Dataset directory or s3://… address (else PURSUIT_DATA).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of the answer.")]


def fail(line: str, code: int = 1) -> typer.Exit:
    """Print one clear line on standard error; return the exit to raise."""
    typer.echo(f"pursuit: {line}", err=True)
    return typer.Exit(code)


def load(directory: str | None) -> Dataset:
    address = directory or os.environ.get("PURSUIT_DATA")
    try:
        return Dataset.load(data_dir(pull(str(address)) if is_remote(address) else directory))
    except DatasetError as error:
        raise fail(str(error)) from None


@app.callback()
def options(
    essay: Annotated[str | None, typer.Option(help="Another essay's folder (else PURSUIT_ESSAY).")] = None,
) -> None:
    if essay:
        os.environ["PURSUIT_ESSAY"] = essay


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8050,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes (default: one per core).")
    ] = None,
    data: DataOption = None,
    prefix: Annotated[
        str | None, typer.Option(help="Path under which the site is served, such as /pursuit.")
    ] = None,
) -> None:
    """Serve the dashboard behind a production server."""
    from dashboard.serving import run as server

    if prefix is not None:
        os.environ["PURSUIT_PREFIX"] = prefix
    try:
        server.check_port(host, port)
        address = data or os.environ.get("PURSUIT_DATA")
        data = str(follow(str(address))) if is_remote(address) else data
        application = server.prepare(data)
        server.warm_up(application)
        typer.echo(f"Pursuit on http://{f'[{host}]' if ':' in host else host}:{port}/ (stop with Ctrl+C)")
        if host not in LOOPBACK and not os.environ.get("PURSUIT_PUBLIC_URL"):
            typer.echo("Set PURSUIT_PUBLIC_URL to the address readers use: social cards need it.")
        server.serve(application, host, port, workers, data)
    except (DatasetError, server.ServeError, ValueError) as error:
        raise fail(str(error)) from None


@app.command()
def freeze(
    out: Annotated[Path, typer.Option(help="New directory to write into.")],
    lang: Annotated[str, typer.Option(help="Languages: " + ", ".join(LANGS))] = ",".join(LANGS),
    url: Annotated[str, typer.Option(help="The site's public address, for cards and feeds.")] = "",
    data: DataOption = None,
) -> None:
    """Write the whole site as files for any static host."""
    from dashboard.freeze import freeze as write

    names = _listed(lang)
    if unknown := [name for name in names if name not in LANGS]:
        raise fail(f"--lang {unknown[0]!r} is not one of {', '.join(LANGS)}", 2)
    langs = [known for known in LANGS if known in names]
    try:
        done = write(load(data), out, langs, url=url, progress=typer.echo)
    except OSError as error:
        raise fail(str(error)) from None
    for line in done.missing:
        typer.echo(f"missing: {line}", err=True)
    typer.echo(f"{done.files} files, {done.size / 1e6:.0f} MB; {out}")
    raise typer.Exit(1 if done.missing else 0)


@app.command()
def claims(data: DataOption = None, lang: LangOption = "en", as_json: JsonOption = False) -> None:
    """List every claim with its verdict and what decides it."""
    from dashboard.claims import evaluate, outcome_name, to_json, verdict_sentence
    from dashboard.claims.report import listing

    dataset = load(data)
    if as_json:
        emit({
            "dataset_version": dataset.version,
            "lang": lang,
            "claims": [to_json(v, dataset, lang) for v in evaluate(dataset).values()],
        })  # fmt: skip
    elif console.is_terminal:
        for line in listing(dataset, lang, console):
            console.print(line, highlight=False)
    else:
        print_records((), (
            (i, outcome_name(v.outcome, lang), v.fault or verdict_sentence(v, dataset, lang).text)
            for i, v in evaluate(dataset).items()
        ))  # fmt: skip


@app.command()
def figures(data: DataOption = None, lang: LangOption = "en", as_json: JsonOption = False) -> None:
    """List every figure that can be exported."""
    from dashboard.figures import build, figure_ids

    dataset = load(data)
    rows, failed = [], 0
    for name in figure_ids(dataset):
        try:
            rows.append((name, build(name, dataset, lang).title))
        except Exception as error:  # one chart's fault is one line
            failed += 1
            typer.echo(f"failed: {name}: {type(error).__name__}: {error}", err=True)
    if as_json:
        emit([{"id": i, "title": title} for i, title in rows])
    else:
        print_records(("figure", "title"), rows)
    raise typer.Exit(1 if failed else 0)


@app.command()
def export(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[FIGURE]...", help="Ids; see `pursuit figures`.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every figure of the story.")] = False,
    url: Annotated[
        list[str] | None, typer.Option(help="An explorer address (/explore?…); repeatable.")
    ] = None,
    formats: Annotated[str, typer.Option("--format", help="png,svg,pdf,html,csv,json,zip")] = "png,svg",
    lang: Annotated[str, typer.Option(help="Languages: " + ", ".join(LANGS))] = "en",
    out: Annotated[Path, typer.Option(help="Directory to write into.")] = Path("figures"),
    theme: Annotated[str, typer.Option(help="light,dark,print")] = "light",
    size: Annotated[str, typer.Option(help="article, square, slide, a4 or WIDTHxHEIGHT")] = "article",
    scale: Annotated[float, typer.Option(help="Dots per pixel in PNG.")] = 2.0,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 1,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write figures to files; files that are current are kept."""
    from dashboard.export import ExportError
    from dashboard.export import export as write
    from dashboard.type.fonts import FontError

    if not (names or url or every):
        raise fail("name a figure (`pursuit figures` lists them), or take --all", 2)
    dataset = load(data)
    try:
        with _bar(quiet=as_json) as progress, _stoppable():
            report = write(
                dataset, None if every else list(names or ()), _listed(formats), _listed(lang), out,
                themes=_listed(theme), size=size, scale=scale, jobs=jobs, urls=list(url or ()),
                progress=progress,
            )  # fmt: skip
    except (ExportError, FontError, ValueError) as error:
        raise fail(str(error), 2 if isinstance(error, ValueError) else 1) from None
    except KeyboardInterrupt:
        raise fail("interrupted; every file written is whole, the same command makes the rest", 130) from None
    if as_json:
        emit(report.to_json())
    else:
        failed = [f"failed: {f.file}: {f.why}" for f in report.failed]
        for line in (*report.notes, *(f"{m}; a box stands there" for m in report.missing_glyphs), *failed):
            typer.echo(line, err=True)
        done = f"{len(report.written)} written, {len(report.skipped)} current, {len(failed)} failed"
        typer.echo(f"{done}; {report.out}")
    raise typer.Exit(report.exit_code)


@app.command()
def pack(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Write the observations as Parquet, read by DuckDB."""
    from dashboard.dataset.parquet import pack as write

    directory = data_dir(data)
    try:
        with _bar(quiet=as_json) as progress:
            rows = write(directory, progress)
    except (DatasetError, OSError) as error:
        raise fail(str(error)) from None
    if as_json:
        emit({"data": str(directory), "observations": rows})
    else:
        typer.echo(f"{directory / 'packed'}: {rows:,} observations")


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does: nothing is left half done."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _bar(quiet: bool) -> Iterator[Callable[[int, int, str], None]]:
    if quiet or not errors.is_terminal:
        yield lambda done, total, name: None
        return
    with Progress(console=errors, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=name)


def _verdicts(directory: Path) -> dict[str, bytes]:
    from dashboard.claims.history import updated

    return updated(directory, Dataset.load(directory).collected)


def _records(directory: Path) -> list[tuple[str, int, str, str]]:
    from dashboard.claims.report import faults

    return faults(directory)


app.registered_commands += collecting.registered_commands
hooks.update(final_step=_verdicts, check=_records)


def main() -> None:
    run(app)


if __name__ == "__main__":
    main()
