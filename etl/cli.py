"""The collecting commands: refresh, import, status, diff, validate, add, upload, doctor.

Exit codes: 0 everything is well, 3 some source failed (the rest is published), 1 nothing published or
something is wrong, 2 bad usage. With ``--json`` standard output is one JSON document and nothing else.
"""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from etl import options, paths, status
from etl.console import emit, one_line_errors, print_records, progress_lines
from etl.errors import Problem
from etl.options import Options, RunEnvironment
from etl.publish import locked, recover

PLAIN: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "pretty_exceptions_enable": False,
                         "rich_markup_mode": None}  # fmt: skip
"""Help and errors in plain lines: they are read through pipes, too."""
app = typer.Typer(help=__doc__, **PLAIN)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
hooks: dict[str, Any] = {}
"""``final_step`` makes files that follow from a complete dataset; ``check`` finds more faults of one."""


def _show(as_json: bool, document: Any, lines: Iterable[str]) -> None:
    if as_json:
        emit(document)
    else:
        for line in lines:
            typer.echo(line)


@app.command()
def refresh(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Sources to ask (default: all).")
    ] = None,
    entity: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Ask for this entity only (repeatable).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything except write.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Use stored answers, not the network.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Publish figures that jumped and drop series that vanished.")
    ] = False,
    jobs: Annotated[int, typer.Option(metavar="N", help="Sources to ask at the same time.")] = 8,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would be asked; ask nothing.")] = False,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Collect on a Dask cluster, such as tcp://host:8786.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Collect new figures, check them, publish them.

    Exit codes: 0 every source is fresh, 3 some source failed and the rest is published, 1 nothing is
    published, 2 bad usage.
    """
    from etl import refresh as engine  # here: other commands need not load it
    from etl.report import as_text

    with one_line_errors(as_json), progress_lines(as_json) as progress:
        options = Options(
            tuple(sources or ()), tuple(entity or ()), dry_run, offline, accept, jobs, scheduler
        )
        if plan:
            planned = engine.plan(options, RunEnvironment())
            _show(as_json, [asdict(one) for one in planned], engine.plan_lines(planned))
            raise typer.Exit
        run = RunEnvironment(progress=progress, final_step=hooks.get("final_step"))
        report = engine.refresh(options, run)
    _show(as_json, asdict(report), as_text(report))
    raise typer.Exit(report.exit_code)


@app.command(name="status")
def show_status(as_json: Json = False) -> None:
    """Show how each source is doing."""
    with one_line_errors(as_json):
        recover(paths.data_dir())
        data_dir = paths.existing_data_dir()
        published, states = status.read(data_dir), RunEnvironment().states(data_dir)
        now = datetime.now(UTC)
        rows = [
            status.summary(published.get(name, {}), states.get(name), source, now)
            for name, source in options.known().items()
        ]
    if as_json:
        emit({"data": str(data_dir), "sources": rows})
        return
    records = [status.cells(row) for row in rows]
    if not sys.stdout.isatty():
        print_records((), records)
        return
    names = ("source", "state", "last success", "age", "figures", "newest")
    print_records(names, [cells[:-1] for cells in records])
    for name, *_, remark in records:
        if remark:
            typer.echo(f"{name}: {remark}")


@app.command()
def diff(as_json: Json = False) -> None:
    """Show what the next publish changes, or what the last one changed.

    A line begins with ~ for a revised figure, - for a vanished series, * for a new one, + for further
    figures of a known series.
    """
    from etl import refresh as engine
    from etl.report import as_lines, counts_line

    with one_line_errors(as_json):
        run = RunEnvironment()
        report = engine.refresh(Options(dry_run=True, offline=True, accept=True), run)
        last = run.states(paths.data_dir()).last_publish()
    # what other sources lack here is no fault: they are asked at the next refresh
    faults = [one.error for one in report.sources if one.source == "curated" and one.error]
    problems = [*report.problems, *faults]
    which, counts, changes = "next", report.counts, report.changes
    if not any(counts.values()):
        which, counts, changes = "last", last["counts"], last["changes"]
    summary = f"{which} publish: {counts_line(counts)}" if counts else "no publish known on this machine"
    document = {"publish": which, "counts": counts, "changes": changes, "problems": problems}
    _show(as_json, document, [*problems, *as_lines(changes), summary])
    if problems:
        raise typer.Exit(1)


@app.command()
def validate(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The dataset (default: PURSUIT_DATA).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the dataset; say what is wrong, by file and line."""
    from etl.validate import undescribed
    from etl.validate import validate as judge

    with one_line_errors(as_json):
        chosen = (directory or paths.data_dir()).expanduser().resolve()
        recover(chosen)
        tables, problems = judge(chosen, datetime.now(UTC).date())
        problems += undescribed(chosen)
        problems += [Problem(*fault) for fault in hooks.get("check", lambda directory: [])(chosen)]
    count = sum(map(len, tables.observations.values()))
    errors = sum(problem.error for problem in problems)
    verdict = f"{errors} errors" if errors else "valid"
    summary = f"{chosen}: {verdict}, {len(problems) - errors} notes, {count:,} observations"
    rows = [asdict(problem) for problem in problems]
    document = {"data": str(chosen), "valid": not errors, "observations": count, "problems": rows}
    _show(as_json, document, [*map(str, problems), summary])
    raise typer.Exit(1 if errors else 0)


@app.command()
def upload(
    address: Annotated[
        str, typer.Argument(help="An object store: s3://bucket/path and other fsspec addresses.")
    ],
    as_json: Json = False,
) -> None:
    """Publish the dataset to an object store (s3://…)."""
    from etl.upload import upload as send

    with one_line_errors(as_json):
        data_dir = paths.existing_data_dir()
        with locked(data_dir):
            version = send(data_dir, address)
    document = {"data": str(data_dir), "address": address, "version": version}
    _show(as_json, document, [f"{address}: version {version} is published"])


@app.command()
def add(
    kind: Annotated[Literal["city", "company"], typer.Argument(help="What it is.")],
    qid: Annotated[str, typer.Argument(metavar="QID", help="Wikidata item, such as Q15174.")],
    as_json: Json = False,
) -> None:
    """Add a city or a company from Wikidata; its figures come with the next refresh."""
    from etl.add import add_entity

    with one_line_errors(as_json):
        row = add_entity(kind, qid, RunEnvironment())
    lines = (
        f"added {row['entity_id']} ({row['name_en']}, {row['wikidata_id']})",
        f"known elsewhere as: {row['ids'] or 'nothing'}",
        f"keyword in the hot lists (keywords.csv): {row['keyword'] or 'none'}",
        f"its series come with the next `pursuit refresh --entity {row['entity_id']}`",
    )
    _show(as_json, row, lines)


@app.command(name="import")
def import_document(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A page or workbook saved by hand.")],
    document: Annotated[str, typer.Option(metavar="URL", help="The address it was saved from.")],
    title: Annotated[str, typer.Option(metavar="TEXT", help="Its title (default: the page's).")] = "",
    publisher: Annotated[str, typer.Option(metavar="TEXT", help="Its publisher (default: the page's).")] = "",
    tier: Annotated[str, typer.Option(metavar="TIER", help="official, reference or press.")] = "official",
    published: Annotated[str, typer.Option(metavar="DATE", help="Date of the document, YYYY-MM-DD.")] = "",
    entity: Annotated[str, typer.Option(metavar="ID", help="The entity that a whole table is about.")] = "",
    period: Annotated[str, typer.Option(metavar="YEAR", help="The year of a whole table.")] = "",
    as_json: Json = False,
) -> None:
    """Read a saved page or workbook into data/curated/."""
    from etl.importing import FILE, import_file

    with one_line_errors(as_json):
        cells = {"source_url": document, "source_title": title, "publisher": publisher, "tier": tier,
                 "published": published}  # fmt: skip
        whole = {"entity_id": entity, "period": period}
        rows, left_out = import_file(file, cells, whole, RunEnvironment())
    lines = [f"left out: {heading}" for heading in left_out]
    lines.append(f"{len(rows)} figures in data/curated/{FILE}; `pursuit refresh curated` publishes them")
    _show(as_json, rows, lines)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check that everything Pursuit needs is here."""
    from etl.doctor import as_lines, run_checks

    with one_line_errors(as_json):
        checks = run_checks()
    document = {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}
    _show(as_json, document, as_lines(checks))
    raise typer.Exit(1 if any(check.critical and not check.ok for check in checks) else 0)
