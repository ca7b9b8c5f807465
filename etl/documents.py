"""Documents: who issued each, where it was read, and which of several is preferred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from etl.checks import read_table
from etl.problems import Problem
from etl.schema import TABLES


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
    known = read_table("documents", data_dir).set_index("source_url")
    unlinked = " ".join(read_table("unlinked_hosts", data_dir)["host"])
    rows = []
    for row in sources.to_dict("records"):
        read_at = row["url"]
        own = known.loc[read_at] if read_at in known.index else None
        if own is not None:
            row |= {name: own[name] for name in ("publisher", "tier") if own[name]}
            row["custody"] = own["custody"]
            row["url"] = own["url"] or read_at
            row["copy_url"] = own["copy_url"] or (read_at if own["url"] else "")
        else:
            row["custody"] = "issuer" if on_host(read_at, hosts.get(row["publisher"], "")) else "relay"
            row["copy_url"] = ""
        for name in ("url", "copy_url"):
            if on_host(row[name], unlinked):
                row[name] = ""
        if not row["url"]:
            row["url"], row["copy_url"] = row["copy_url"], ""
        rows.append(row)
    return pd.DataFrame(rows, columns=TABLES["sources"].names)


def custody_problems(sources: pd.DataFrame, publishers: pd.DataFrame) -> Iterator[Problem]:
    """Find documents that claim to be read at their issuer and are not on a host of it."""
    hosts = dict(zip(publishers["publisher"], publishers["hosts"], strict=True))
    file = TABLES["sources"].path
    columns = sources[["publisher", "url", "custody"]].itertuples()
    for line, publisher, url, custody in columns:
        if custody == "issuer" and not on_host(url, hosts.get(publisher, "")):
            host = host_of(url) or "no address"
            yield Problem(
                file, line, f"read at its issuer, it says, but {host} is no host of {publisher}",
                "say archive or relay in curated/documents.csv, or add the host in publishers.csv",
            )  # fmt: skip
