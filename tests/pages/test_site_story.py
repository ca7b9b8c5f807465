"""The story: quotes to the character, verdicts with word and shape, numbers led to their documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from dashboard import locale
from dashboard.claims import essay, evaluate, verdict_sentence
from dashboard.claims.sentences import proposition
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.pages.claimview import claim_views
from tests.shipped import FIGURES


@pytest.fixture(scope="module")
def soups(soup: Callable[..., BeautifulSoup]) -> dict[str, BeautifulSoup]:
    return {lang: soup("/", lang) for lang in LANGS}


def quotes(shipped: Dataset, lang: Lang) -> list[str]:
    return [c.quote_in(lang) for c in essay(shipped).claims.values()]


def test_every_quote_stands_in_the_readers_language_with_the_original(
    soups: dict[str, BeautifulSoup], shipped: Dataset
) -> None:
    verbatim = [f"「{q}」" for q in quotes(shipped, "zh-Hant")]
    for lang, selector in (("en", ".source-words"), ("zh-Hans", ".original"), ("zh-Hant", "p")):
        found = [q.get_text() for q in soups[lang].select(f"blockquote {selector}[lang=zh-Hant]")]
        assert found == verbatim, lang
    first = [q.get_text() for q in soups["en"].select("blockquote > p:first-child")]
    assert first == [f"“{view.claim.quote_in('en')}”" for view in claim_views(shipped, "en")]


def test_conversion_is_marked_and_only_for_readers_of_simplified(
    soups: dict[str, BeautifulSoup], shipped: Dataset
) -> None:
    converted = soups["zh-Hans"].select("blockquote .converted[lang=zh-Hans]")
    assert [c.contents[0] for c in converted] == [f"「{q}」" for q in quotes(shipped, "zh-Hans")]
    changed = [a != b for a, b in zip(quotes(shipped, "zh-Hans"), quotes(shipped, "zh-Hant"), strict=True)]
    assert [c.small is not None for c in converted] == changed
    assert not soups["zh-Hant"].select(".converted")
    assert not soups["en"].select(".converted")


@pytest.mark.parametrize("lang", LANGS)
def test_the_contents_lead_to_every_claim_with_its_verdict(
    soups: dict[str, BeautifulSoup], shipped: Dataset, lang: Lang
) -> None:
    entries = soups[lang].select(".contents a")
    verdicts = evaluate(shipped)
    assert [a["href"] for a in entries] == [f"#{claim_id}" for claim_id in verdicts]
    assert all(soups[lang].select_one(a["href"]) for a in entries)
    for a, verdict in zip(entries, verdicts.values(), strict=True):
        assert a.select_one(".badge").get_text() == locale.text(f"claims.outcome.{verdict.outcome}", lang)
        assert a.select_one(".q").get_text() == proposition(verdict.claim, shipped, lang)


@pytest.mark.parametrize("path", ["/", "/claims", "/city/shenzhen"])
def test_every_page_that_quotes_has_the_switch_of_script(
    soup: Callable[..., BeautifulSoup], shipped: Dataset, path: str
) -> None:
    pairs = {f"「{c.quote}」": f"「{c.quote_in('zh-Hans')}」" for c in essay(shipped).claims.values()}
    for lang in LANGS:
        assert len(soup(path, lang).select("#original-script")) == (lang == "zh-Hans")
    converted = soup(path, "zh-Hans").select(":is(blockquote, .q) .converted")
    assert converted
    for quote in converted:
        original = quote.find_next_sibling(class_="original")
        assert pairs[original.get_text()] == quote.contents[0]


def test_a_badge_stands_beside_a_proposition_never_a_bare_quote(
    soup: Callable[..., BeautifulSoup], shipped: Dataset
) -> None:
    said = {lang: [v.proposition for v in claim_views(shipped, lang)] for lang in LANGS}
    for lang in LANGS:
        for path in ("/", "/claims", "/company/unitree", "/search?q=gdp"):
            for badge in soup(path, lang).select(
                ".claim .weighed .badge, .contents .badge, .quotes .badge, .results .badge"
            ):
                around = badge.find_parent(["li", "p"]).get_text(" ", strip=True)
                assert any(p in around for p in said[lang]), (lang, path, around)


def test_the_story_says_what_it_is_about_and_ends_with_an_answer(
    soups: dict[str, BeautifulSoup], shipped: Dataset
) -> None:
    for lang, soup in soups.items():
        about = soup.select_one(".about").get_text()
        assert essay(shipped).author in about
        assert all(line in about for line in essay(shipped).lines("summary", lang))
        groups = [h.get_text() for h in soup.select(".cast h3, .cast summary")]
        assert len(groups) == 6
        assert len(soup.select(".chapter")) == len(soup.select(".chapter + .intro"))
        tallies = soup.select("main > .tally")
        counted = sum(int(re.search(r"\d+", b.get_text())[0]) for t in tallies for b in t.select(".badge"))
        assert counted == len(evaluate(shipped))
        answer = soup.select_one(".answer")
        assert len(answer.select("li")) == 4
        assert soup.select("main > *").index(answer) > soup.select("main > *").index(tallies[-1])


def test_first_mentions_lead_to_profiles_and_charts_to_the_explorer(
    soups: dict[str, BeautifulSoup], client: FlaskClient
) -> None:
    for soup in soups.values():
        mentions = [str(a["href"]) for a in soup.select("a.mention")]
        assert len(mentions) > 10
        assert len(set(mentions)) == len(mentions)
    links = [str(a["href"]) for a in soups["en"].select("a.explore")]
    assert len(links) > 25
    for href in {*links[::6], *[str(a["href"]) for a in soups["en"].select("a.mention")][::6]}:
        assert client.get(href).status_code == 200


def test_on_paper_every_claim_names_its_documents_by_number(soups: dict[str, BeautifulSoup]) -> None:
    notes = soups["en"].select(".endnotes li")
    assert len(notes) > 100
    used: set[int] = set()
    for line in soups["en"].select(".claim .then.paper"):
        for first, last in re.findall(r"(\d+)(?:–(\d+))?", line.get_text()):
            used |= set(range(int(first), int(last or first) + 1))
    assert used == set(range(1, len(notes) + 1))


@pytest.mark.parametrize("lang", LANGS)
def test_verdicts_are_the_computed_ones(soups: dict[str, BeautifulSoup], shipped: Dataset, lang: str) -> None:
    verdicts = evaluate(shipped)
    for section in soups[lang].select("section.claim"):
        verdict = verdicts[str(section["id"])]
        badge = section.select_one(".badge")
        assert section["data-outcome"] == verdict.outcome
        assert badge.get_text() == locale.text(f"claims.outcome.{verdict.outcome}", lang)  # type: ignore[arg-type, union-attr]
        assert badge.select_one(".shape[aria-hidden=true]")  # type: ignore[union-attr]
        assert section.select_one(".sentence").get_text() == verdict_sentence(verdict, shipped, lang).text  # type: ignore[arg-type, union-attr]


def test_the_bar_counts_the_verdicts(soups: dict[str, BeautifulSoup], shipped: Dataset) -> None:
    counts = Counter(v.outcome for v in evaluate(shipped).values())
    shown = {
        str(a["href"]).split("=")[1]: int(a.get_text().split()[0]) for a in soups["en"].select(".hero .key a")
    }
    assert shown == {o: counts.get(o, 0) for o in shown}
    assert sum(shown.values()) == len(evaluate(shipped))


def test_numbers_lead_to_documents_that_are_listed(soups: dict[str, BeautifulSoup]) -> None:
    links = soups["en"].select(".sentence b a")
    assert len(links) > 31
    for link in links:
        section = link.find_parent("section")
        assert section is not None
        listed = {str(d["data-doc"]) for d in section.select("[data-doc]")}
        assert set(str(link["data-docs"]).split()) <= listed
        assert section.select_one(f"summary[id='{str(link['href'])[1:]}']")


def test_every_chart_has_picture_words_and_table(soups: dict[str, BeautifulSoup]) -> None:
    figures = soups["zh-Hans"].select("figure[data-figure]")
    assert figures[0]["data-figure"] == "pursuit_lines"
    assert sorted(str(f["data-figure"]) for f in figures) == sorted(FIGURES)
    for figure in figures:
        assert figure.select_one(".finding").get_text(strip=True)  # type: ignore[union-attr]
        assert figure.select(".nothing") or len(figure.select(".drawn > svg[role=img][aria-label]")) == 2
        assert bool(figure.select_one(".source")) == (not figure.select(".nothing"))


def test_links_leave_only_by_the_web_and_nothing_else_is_loaded(
    soup: Callable[..., BeautifulSoup], page: Callable[..., str]
) -> None:
    for path in ("/", "/claims", "/data", "/data/gdp", "/city/shenzhen", "/embed/gdp_overtaken"):
        tree = soup(path)
        for tag in tree.select("[src], link[href]"):
            assert str(tag.get("src") or tag.get("href")).startswith(("/", "?")), tag
        for link in tree.select("a[href]"):
            assert re.match(r"/|\?|#|https?://", str(link["href"])), link
            if str(link["href"]).startswith("http"):
                assert "noopener" in link["rel"]
        assert "@import" not in page(path)
        assert not tree.select("[onclick], [onload], script:not([src]):not([type='application/ld+json'])")


def test_ids_are_unique_headings_in_order_and_controls_named(soup: Callable[..., BeautifulSoup]) -> None:
    for path in (
        "/",
        "/claims",
        "/claim/gdp_overtaken",
        "/data",
        "/city/shenzhen",
        "/company",
        "/data/gdp",
        "/api/v1/",
    ):
        tree = soup(path)
        repeated = [i for i, n in Counter(str(e["id"]) for e in tree.select("[id]")).items() if n > 1]
        assert not repeated, path
        assert len(tree.select("main")) == len(tree.select("h1")) == 1, path
        levels = [int(h.name[1]) for h in tree.select("h1, h2, h3, h4, h5")]
        assert all(b - a <= 1 for a, b in pairwise(levels)), path
        assert tree.select_one("a.skip[href='#main']")
        for control in tree.select("select, input:not([type=hidden]), textarea"):
            assert control.find_parent("label") or control.get("aria-label"), control
        assert tree.title
        assert unescape(tree.title.get_text()).strip()


def test_a_claim_page_carries_its_card_and_review(soup: Callable[..., BeautifulSoup]) -> None:
    tree = soup("/claim/gdp_overtaken")
    assert tree.select_one("meta[property='og:image']")["content"].startswith("/en/card/gdp_overtaken.png")  # type: ignore[index, union-attr]
    assert '"ClaimReview"' in tree.select_one("script[type='application/ld+json']").get_text()  # type: ignore[union-attr]
