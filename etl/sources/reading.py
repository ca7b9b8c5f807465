"""Reading what a source answered, strictly: an error page is never taken for data.

Several of these services send HTML or a plain sentence with status 200. Every reader here either returns what
was asked for or raises :class:`Unreadable` with the first words of the answer.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urljoin

import pandas as pd
from requests.utils import parse_header_links

from etl.sources.base import Context, Snapshot, Unreadable
from etl.tidy import decimal, to_halfwidth

_CHARSET = re.compile(r"charset=[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


def decode(snapshot: Snapshot) -> str:
    """Return the body as text: UTF-8 if it is valid, else what the page declares, else GB 18030.

    UTF-8 comes first because Chinese pages often declare a charset they are not written in, and bytes
    of another encoding are rarely valid UTF-8.
    """
    body = snapshot.body.removeprefix(b"\xef\xbb\xbf")
    declared = _CHARSET.findall(body[:4096].decode("latin-1") + snapshot.content_type)
    for name in ("utf-8", *declared, "gb18030"):
        try:
            return body.decode("gb18030" if name.lower() in {"gb2312", "gbk"} else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", errors="replace")


def json_of(snapshot: Snapshot) -> Any:
    """Return the JSON document in the body; fractions as :class:`Decimal`, so that values stay exact.

    A JSON text in which the service says that it failed is an error, with its words.
    """
    text = decode(snapshot).strip()
    try:
        answer = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        kind = "HTML" if text.startswith("<") else "text" if text else "nothing"
        begins = f" beginning “{text[:60]}”" if text else ""
        raise Unreadable(f"{kind} instead of JSON{begins}", "try again later") from error
    if isinstance(answer, dict):
        failure = answer.get("error")
        empty = not any(isinstance(value, list | dict) for value in answer.values())
        if failure is not None or (empty and answer.get("success") is not True):
            if isinstance(failure, dict):
                failure = failure.get("info") or failure.get("code") or failure
            if message := answer.get("message") or answer.get("detail") or failure:
                raise Unreadable(f"the service says: {message}", "try again later")
    return answer


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def csv_of(snapshot: Snapshot, needed: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV table, which must have the columns ``needed``."""
    reader = csv.DictReader(io.StringIO(decode(snapshot), newline=""), restval="")
    try:
        head = reader.fieldnames or []
        if missing := [name for name in needed if name not in head]:
            raise Unreadable(f"no column {', '.join(missing)} (found: {', '.join(head[:6])})")
        return list(reader)
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: not a readable CSV ({error})") from error


def shipped_csv(name: str) -> list[dict[str, str]]:
    text = resources.files("etl.sources").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


class Entry(dict[str, Any]):
    """An object of a list, which knows its position for error messages."""

    position = 0


def field(value: Any, name: str, kind: type | tuple[type, ...]) -> Any:
    """Return ``value[name]``, which must be there and of type ``kind``."""
    at = f"entry {value.position}: " if isinstance(value, Entry) else ""
    if not isinstance(value, Mapping):
        raise Unreadable(f"an object was expected, got {_kind(value)}")
    if name not in value:
        raise Unreadable(f"{at}field {name!r} is missing (found: {', '.join(sorted(map(str, value))[:8])})")
    found = value[name]
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if not isinstance(found, kinds) or (isinstance(found, bool) and bool not in kinds):
        wanted = "/".join(one.__name__ for one in kinds)
        raise Unreadable(f"{at}field {name!r} is {_kind(found)}, {wanted} was expected")
    return found


def records(value: Any) -> list[Entry]:
    if not isinstance(value, list):
        raise Unreadable(f"a list was expected, got {_kind(value)}")
    found = []
    for position, one in enumerate(value, start=1):
        if not isinstance(one, Mapping):
            raise Unreadable(f"entry {position} is {_kind(one)}, an object was expected")
        entry = Entry(one)
        entry.position = position
        found.append(entry)
    return found


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__


def next_page(snapshot: Snapshot) -> str:
    """Return the address that the answer's ``Link: <…>; rel="next"`` header names, ``""`` on the last page.

    Whether it may be asked for is decided where it is fetched: only the source's own hosts are.
    """
    for link in parse_header_links(snapshot.headers.get("link", "")):
        if "next" in str(link.get("rel", "")).split():
            return urljoin(snapshot.final_url or snapshot.request.url, str(link["url"]))
    return ""


def normalise_text(text: str) -> str:
    """Return text in one form: compatibility characters (NFKC) as plain ones, spaces of any kind gone.

    Marks that would become digits (², ①, ½) stay what they are, and a space between two digits stays, so
    that neither a footnote nor a neighbour gets into a number.
    """
    if not text.isascii():
        text = "".join(map(_normalised, text))
    return re.sub(r"(?<![0-9])\s+|\s+(?![0-9])", "", re.sub(r"\s+", " ", text.strip("\ufeff")))


@cache
def _normalised(character: str) -> str:
    if character in "\u200b\ufeff":
        return ""
    made = unicodedata.normalize("NFKC", character)
    return to_halfwidth(character) if any(c.isdigit() for c in made) else made


def parse_number(text: str) -> Decimal | None:
    """Return the number a text writes, as :func:`etl.tidy.decimal` reads it, else ``None``."""
    try:
        return decimal(text.replace("\u200b", ""))
    except ValueError:
        return None


def abbreviate(names: Iterable[str], most: int = 6) -> str:
    ordered = sorted(names)
    rest = len(ordered) - most
    return ", ".join(ordered[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def load_published(context: Context, domain: str) -> pd.DataFrame:
    """Return the published observations of a domain as text; empty when there are none yet."""
    path = context.data_dir / "observations" / f"{domain}.csv"
    columns = ["entity_id", "indicator_id", "period", "value", "source_id", "status", "note"]
    if not path.is_file():
        return pd.DataFrame({name: pd.Series(dtype=str) for name in columns})
    return pd.read_csv(path, dtype=str, keep_default_na=False, usecols=columns)
