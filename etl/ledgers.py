"""Ledgers beside the hand-read figures: documents that are not what they seem, and corrections, in the open.

A correction's ``drop`` leaves an observation out, ``override`` puts ``value`` in its place, ``scale``
multiplies it with ``value``, ``flag`` marks it ``doubtful``. ``expected_raw`` is what the source says today:
when it no longer does, the source fails, as a correction must never outlive its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from etl.checks import read_table
from etl.errors import DataError, Problem, ValidationError
from etl.schema import LEDGERS, TABLES
from etl.tables import category
from etl.tidy import number_text

CORRECTIONS = LEDGERS["corrections"]


def host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def on_host(url: str, hosts: str) -> bool:
    """Tell whether an address is on one of ``hosts`` (separated by blanks) or below it."""
    host = host_of(url)
    return any(host == one or host.endswith(f".{one}") for one in hosts.lower().split())


def sorted_by_preference(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort figures with their documents' columns by preference, best first.

    One indicator has one definition; within it: not doubtful, tier, custody, newest document, id.
    """
    columns = TABLES["sources"]
    rank = {name: columns.choices(name) for name in ("tier", "custody")}
    ranked = frame.assign(
        _doubtful=frame["status"].astype(str) == "doubtful",
        _age=-frame["published"].astype(str).rank(method="dense"),
        **{f"_{n}": frame[n].map(dict(zip(words, range(9), strict=False))) for n, words in rank.items()},
    )
    order = ["_doubtful", "_tier", "_custody", "_age", "source_id"]
    return ranked.sort_values(order, kind="stable")[frame.columns]


def with_custody(sources: pd.DataFrame, data_dir: Path, hosts: Mapping[str, str]) -> pd.DataFrame:
    """Return hand-read documents with custody and both addresses; ``hosts`` are those of each publisher.

    What ``curated/documents.csv`` says of an address goes before what its rows say. A document it does not
    name was read at its issuer if it is on the publisher's own host, else as reported by others. An address
    on a host that is never linked is left out.
    """
    known = read_table("documents", data_dir).set_index("source_url").to_dict("index")
    unlinked = " ".join(read_table("unlinked_hosts", data_dir)["host"])
    rows = []
    for row in sources.to_dict("records"):
        read_at = row["url"]
        custody = "issuer" if on_host(read_at, hosts.get(row["publisher"], "")) else "relay"
        row |= {"custody": custody, "copy_url": ""}
        if document := known.get(read_at):
            copy_url = document["copy_url"] or (read_at if document["url"] else "")
            row |= {name: text for name, text in document.items() if text} | {"copy_url": copy_url}
        linked = [url for url in (row["url"], row["copy_url"]) if url and not on_host(url, unlinked)]
        row["url"], row["copy_url"] = (*linked, "", "")[:2]
        rows.append(row)
    return pd.DataFrame(rows, columns=TABLES["sources"].names)


def custody_problems(sources: pd.DataFrame, publishers: pd.DataFrame) -> Iterator[Problem]:
    hosts = dict(zip(publishers["publisher"], publishers["hosts"], strict=True))
    fix = "say archive or relay in curated/documents.csv, or add the host in publishers.csv"
    for line, publisher, url, custody in sources[["publisher", "url", "custody"]].itertuples():
        if custody == "issuer" and not on_host(url, hosts.get(publisher, "")):
            host = host_of(url) or "no address"
            what = f"read at its issuer, it says, but {host} is no host of {publisher}"
            yield Problem(TABLES["sources"].path, line, what, fix)


def read_corrections(data_dir: Path) -> pd.DataFrame:
    """Return the ledger, checked in itself; raise :class:`ValidationError` with its faults."""
    frame = read_table(CORRECTIONS.name, data_dir)
    missing = frame["action"].isin(["override", "scale"]) & (frame["value"] == "")
    if missing.any():
        lines = frame.index[missing]
        raise ValidationError(f"{CORRECTIONS.path}:{line}: no value; write a plain number" for line in lines)
    return frame


def correct(ledger: pd.DataFrame, observations: pd.DataFrame, answered_for: set[str]) -> pd.DataFrame:
    """Return one source's ``observations`` with the ledger applied.

    ``answered_for``: documents that were read in full. A correction of one of them that finds no observation,
    or another value than it expects, raises :class:`DataError`.
    """
    chosen = []
    for line, row, place in _places(ledger[ledger["source_id"].isin(answered_for)], observations):
        wrong = "the source no longer has this figure"
        if place is not None:
            raw, expected = float(observations["value"].iloc[place]), float(row["expected_raw"])
            wrong = f"expected {number_text(expected)}, the source says {number_text(raw)}"
        if place is None or raw != expected:
            figure = f"{row['indicator_id']} of {row['entity_id']} in {row['period']}"
            fix = "check whether the correction is still needed; update or remove the row"
            raise DataError(f"{CORRECTIONS.path}:{line}: {figure}: {wrong}", fix)
        chosen.append((row, place))
    return _corrected(observations, chosen)


def correct_published(ledger: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return published observations with corrections that were written after they had been read."""
    chosen = [
        (row, place)
        for _, row, place in _places(ledger, published)
        if place is not None
        and float(published["value"].iloc[place]) == float(row["expected_raw"])
        and row["reason"] not in str(published["note"].iloc[place])
    ]
    return _corrected(published, chosen)


def _places(ledger: pd.DataFrame, observations: pd.DataFrame) -> Iterator[tuple[Any, pd.Series, int | None]]:
    places = np.flatnonzero(observations["source_id"].isin(set(ledger["source_id"])).to_numpy())
    keys = observations.iloc[places][list(CORRECTIONS.key)].astype(str).itertuples(index=False, name=None)
    place_of = dict(reversed([*zip(keys, places.tolist(), strict=True)]))  # the first of a key
    for line, row in ledger.iterrows():
        yield line, row, place_of.get(tuple(row[name] for name in CORRECTIONS.key))


def _corrected(observations: pd.DataFrame, chosen: Sequence[tuple[pd.Series, int]]) -> pd.DataFrame:
    if not chosen:
        return observations
    frame = observations.reset_index(drop=True)
    values, keep = frame["value"].to_numpy(copy=True), np.ones(len(frame), dtype=bool)
    texts = {name: [*map(str, frame[name])] for name in ("status", "note")}
    for row, place in chosen:
        raw, addition = float(values[place]), row["reason"]
        if row["action"] == "drop":
            keep[place] = False
        elif row["action"] == "flag":
            texts["status"][place] = "doubtful"
        else:
            values[place] = float(row["value"]) * (raw if row["action"] == "scale" else 1)
            addition = f"corrected, the document says {number_text(raw)}: {addition}"
        texts["note"][place] = "; ".join(filter(None, [texts["note"][place], addition]))
    frame = frame.assign(value=values, **{name: category(cells) for name, cells in texts.items()})
    return frame[keep].reset_index(drop=True)
