"""The menu under every chart: each button and each link pressed, what they hand over looked at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e_support import LANGS

from dashboard.dataset import Dataset
from dashboard.export.formats import FORMATS
from dashboard.figures import build

pytestmark = pytest.mark.e2e
STARTS = {
    "png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF", "csv": b"\xef\xbb\xbf", "json": b"{", "zip": b"PK",
    "html": b"<!doctype html>",
}  # fmt: skip
FIGURE = "gdp_overtaken"
CLIPBOARD = """async () => {
  const [item] = await navigator.clipboard.read();
  const type = item.types.at(-1), blob = await item.getType(type);
  return [type, type.startsWith('text') ? await blob.text() : blob.size];
}"""


@pytest.fixture(scope="module")
def page(contexts: Callable[..., Any], server: str) -> Any:
    """A claim's page whose menu is open and whose clipboard may be read."""
    context = contexts()
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    return context.new_page()


@pytest.mark.parametrize("lang", LANGS)
def test_copying_puts_picture_data_and_citation_on_the_clipboard(
    page: Any, server: str, dataset: Dataset, lang: str
) -> None:
    page.goto(f"{server}/claim/{FIGURE}?lang={lang}")
    page.locator(f"details[data-keep=share-{FIGURE}] > summary").click()
    title = build(FIGURE, dataset, lang).title  # type: ignore[arg-type]
    for kind, expected in (("picture", "image/png"), ("data", "text/plain"), ("citation", "text/plain")):
        attribute = "data-copy-picture" if kind == "picture" else "data-copy-text"
        part = {"picture": ".png", "data": ".csv", "citation": ".txt"}[kind]
        button = page.locator(f".share button[{attribute}*='{part}']")
        copied = button.get_attribute("data-copied")
        button.click()
        button.get_by_text(copied, exact=True).wait_for()
        what, body = page.evaluate(CLIPBOARD)
        assert what == expected, kind
        if kind == "picture":
            assert body > 10_000
        elif kind == "citation":
            assert title in body
            assert dataset.version in body
        else:
            assert len(body.splitlines()) > 20
    snippet = page.locator(".share textarea").nth(1).input_value()
    assert f'src="{server}/{lang.lower()}/embed/{FIGURE}"' in snippet, "an address that works elsewhere"


def test_every_download_is_what_its_name_says(page: Any, server: str) -> None:
    page.goto(f"{server}/claim/{FIGURE}?lang=en")
    menu = page.locator(f"details[data-keep=share-{FIGURE}]")
    seen = set()
    for address in menu.locator("a[download]").evaluate_all("(links) => links.map((a) => a.href)"):
        answer = page.request.get(address)
        assert answer.ok, address
        ext = address.partition("?")[0].rpartition(".")[2]
        seen.add(ext)
        if ext in STARTS:
            assert answer.body().startswith(STARTS[ext]), address
        if ext == "zip":
            names = zipfile.ZipFile(io.BytesIO(answer.body())).namelist()
            assert {n.rpartition(".")[2] for n in names} == {"txt", *FORMATS} - {"zip"}
    assert seen == {*FORMATS, "bib", "ris"}


def test_the_explorer_offers_the_same_files(page: Any, server: str) -> None:
    page.goto(f"{server}/explore?i=gdp&v=multiples&lang=en")
    found = {}
    for address in page.locator("a[data-export]").evaluate_all("(links) => links.map((a) => a.href)"):
        found[address.partition("?")[0].rpartition(".")[2]] = address
    assert set(found) == {*FORMATS, "xlsx"}
    for ext in ("svg", "csv", "json", "html"):
        answer = page.request.get(found[ext])
        assert "v=multiples" in found[ext]
        assert answer.body().startswith(STARTS[ext]), ext


def test_a_saved_page_opens_from_disk_with_and_without_script(
    contexts: Callable[..., Any], page: Any, server: str, tmp_path: Path
) -> None:
    saved = tmp_path / "figure.html"
    saved.write_bytes(page.request.get(f"{server}/figure/{FIGURE}.html?lang=zh-Hans").body())
    for script in (True, False):
        one = contexts(java_script_enabled=script, offline=True).new_page()
        faults: list[str] = []
        one.on("pageerror", lambda e, faults=faults: faults.append(str(e)))
        one.on("requestfailed", lambda r, faults=faults: faults.append(r.url))
        one.goto(saved.as_uri())
        drawn = one.locator("#chart .main-svg" if script else "#chart > svg").first
        drawn.wait_for()
        assert not faults
        one.context.close()
