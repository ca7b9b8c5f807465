"""Sentences, JSON and history: what readers, programs and the archive get from a verdict."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from dashboard.claims import (
    OUTCOMES,
    RULES,
    Number,
    append_history,
    caveats,
    choice_name,
    claim_review,
    evaluate,
    read_history,
    reading,
    rule_in_words,
    say,
    say_essay,
    say_margin,
    table,
    to_json,
    verdict_rows,
    why,
)
from dashboard.claims.words import listed, phrase, shown
from dashboard.dataset import LANGS, Dataset, Lang
from dashboard.locale import messages


def own_messages(lang: Lang) -> dict[str, str]:
    return {k: v for k, v in messages(lang).items() if k.startswith("claims.")}


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def test_messages_carry_no_number_and_agree_between_languages() -> None:
    english = own_messages("en")
    for lang in LANGS:
        mine = own_messages(lang)
        assert mine.keys() == english.keys()
        for key, message in mine.items():
            assert not re.search(r"\d", re.sub(r"\{\w+\}", "", message)), (lang, key)
            assert fields(message) == fields(english[key]), (lang, key)


def test_no_sentence_types_a_verdict() -> None:
    for lang in LANGS:
        words = {messages(lang)[f"claims.outcome.{o}"] for o in OUTCOMES}
        for key, message in own_messages(lang).items():
            if (
                re.fullmatch(r"claims\.\w+\.(says|supported|contradicted|mixed)", key)
                and "outcome" not in key
            ):
                founded = re.sub("成立[于於]", "", message)  # the same two characters mean «was founded»
                assert not any(word in founded for word in words), (lang, key)


def told(n: Number, piece: str, dataset: Dataset, lang: Lang) -> bool:
    """A change: its size is the number, its direction is said in words."""
    whole = shown(n, dataset, lang)
    return n.kind == "growth" and whole.endswith(piece) and len(whole) > len(piece) and piece[0].isdigit()


@pytest.mark.parametrize("lang", LANGS)
def test_every_claim_speaks(lang: Lang, dataset: Dataset) -> None:
    for verdict in evaluate(dataset).values():
        assert rule_in_words(verdict.claim_id, lang)
        assert len(caveats(verdict, lang)) == len(RULES[verdict.claim_id].caveats)
        assert all(choice_name(a, lang) for a in verdict.robustness)
        sentence = say(verdict, dataset, lang)
        assert sentence.text == "".join(piece for piece, _ in sentence.runs)
        for text in (sentence.text, say_essay(verdict, dataset, lang).text):
            assert text.endswith("." if lang == "en" else "。")
            assert "  " not in text
            assert "nan" not in text
            assert "{" not in text
        for piece, n in sentence.runs:
            assert n is None or piece == shown(n, dataset, lang) or told(n, piece, dataset, lang)
        margin = say_margin(verdict, dataset, lang)
        assert (margin is None) == (verdict.margin is None)


def test_every_choice_and_every_outcome_has_its_words() -> None:
    for rule in RULES.values():
        known = own_messages("en")
        assert f"claims.{rule.claim_id}.no_public_data" in known
        spoken = [f"claims.{rule.claim_id}.{o}" in known for o in ("supported", "contradicted")]
        assert f"claims.{rule.claim_id}.says" in known or all(spoken), rule.claim_id


def test_spaces_stand_between_chinese_and_figures(dataset: Dataset) -> None:
    year = Number(0, "", "period", (), "2024")
    sentence = phrase("claims.ubtech_gala.margin", {"ubtech": year}, dataset, "zh-Hans")
    assert "在 2024 年或更早" in sentence.text


def test_names_are_listed_as_each_language_does() -> None:
    assert listed(["A", "B", "C"], "en") == "A, B and C"
    assert listed(["A", "B", "C"], "zh-Hans") == "A、B和C"
    assert listed([], "en") == ""


def test_json_is_plain_and_complete(dataset: Dataset) -> None:
    for verdict in evaluate(dataset).values():
        document = json.loads(json.dumps(to_json(verdict, dataset, "en"), allow_nan=False))
        assert document["outcome"] == verdict.outcome
        assert document["quote"]
        assert len(document["robustness"]) == len(verdict.robustness)
        assert len(document["observations"]) == len(verdict.used)
        assert document["rule_code"].startswith("def ")


def test_table_has_a_row_a_claim(dataset: Dataset) -> None:
    rows = table(dataset, "zh-Hant")
    assert [r["claim"] for r in rows] == list(evaluate(dataset))


def test_claim_review_rates_only_what_was_weighed(dataset: Dataset) -> None:
    for verdict in evaluate(dataset).values():
        review = claim_review(verdict, dataset, "en", "https://example.org/claim/x")
        weighed = verdict.outcome != "no_public_data"
        assert ("ratingValue" in review["reviewRating"]) == weighed
        assert all(address.startswith(("https://", "http://")) for address in review["citation"])


def test_what_is_weighed_is_said_where_it_is_not_the_quote(dataset: Dataset) -> None:
    """A quote that reports a fear, or asks, is never shown as what the verdict upholds."""
    verdicts = evaluate(dataset)
    for claim_id in ("dragons_overtake_giants", "giants_failing", "gdp_overtaken", "not_surpass"):
        for lang in LANGS:
            said = reading(claim_id, lang)
            assert said
            review = claim_review(verdicts[claim_id], dataset, lang, "https://example.org/claim/x")
            assert said in review["claimReviewed"]
            assert to_json(verdicts[claim_id], dataset, lang)["reading"] == said
    assert reading("ubtech_gala", "en") == ""


def test_a_sharpened_test_says_why(dataset: Dataset) -> None:
    for claim_id in ("hangzhou_chases", "past_pursuers", "deepseek_alone", "tencent_profitable"):
        assert len({why(claim_id, lang) for lang in LANGS}) == len(LANGS)
    assert why("ubtech_gala", "en") == ""


VOCABULARY = {
    "ClaimReview": {
        "url", "author", "datePublished", "dateModified", "inLanguage", "claimReviewed", "itemReviewed",
        "reviewBody", "reviewRating", "citation",
    },
    "Rating": {"alternateName", "ratingExplanation", "ratingValue", "worstRating", "bestRating"},
    "Claim": {"author", "datePublished", "appearance"},
    "CreativeWork": {"inLanguage", "datePublished"},
    "Organization": {"name", "url"},
}  # fmt: skip
"""What schema.org defines for each type, as far as it is used here."""


def test_claim_review_speaks_the_vocabulary(dataset: Dataset) -> None:
    def check(node: object) -> None:
        if isinstance(node, list):
            for item in node:
                check(item)
        elif isinstance(node, dict):
            assert set(node) - {"@context", "@type"} <= VOCABULARY[node["@type"]]
            for key, value in node.items():
                assert value not in ("", None, [], {}) or key == "citation", key
                check(value)

    for verdict in evaluate(dataset).values():
        review = claim_review(verdict, dataset, "zh-Hant", "https://example.org/claim/x")
        check(review)
        for day in (review["datePublished"], review["dateModified"], review["itemReviewed"]["datePublished"]):
            assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", day)
        rating = review["reviewRating"]
        if "ratingValue" in rating:
            assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]


def test_the_log_is_read_as_it_is_written(dataset: Dataset, tmp_path: Path) -> None:
    verdicts = evaluate(dataset)
    append_history(None, verdicts, "2026-01-01").to_csv(tmp_path / "verdicts.csv", index=False)
    steps = read_history(tmp_path)
    assert set(steps) == set(verdicts)
    for claim_id, (step,) in steps.items():
        assert (step.changed_at, step.outcome) == ("2026-01-01", verdicts[claim_id].outcome)
        if step.value is not None:
            keys = {(o.entity_id, o.indicator_id, o.period, o.value) for o in verdicts[claim_id].used}
            assert (step.entity, step.indicator, step.period, step.value) in keys
    assert read_history(tmp_path / "nowhere") == {}
    assert read_history(None) == {}


def test_history_keeps_only_changes(dataset: Dataset) -> None:
    verdicts = evaluate(dataset)
    first = append_history(None, verdicts, "2026-01-01")
    assert len(first) == len(verdicts)
    assert first.equals(verdict_rows(verdicts, "2026-01-01"))
    assert append_history(first, verdicts, "2026-02-01").equals(first)
    now = next(v for v in verdicts.values() if v.outcome == "supported")
    turned = {**verdicts, now.claim_id: replace(now, outcome="mixed", dataset_version="later")}
    second = append_history(first, turned, "2026-03-01")
    added = second.iloc[len(first) :]
    assert added[
        ["changed_at", "claim_id", "outcome", "previous_outcome", "dataset_version"]
    ].to_numpy().tolist() == [["2026-03-01", now.claim_id, "mixed", "supported", "later"]]
    assert len(append_history(second, verdicts, "2026-04-01")) == len(second) + 1


def test_history_with_a_lost_column_is_refused(dataset: Dataset) -> None:
    broken = append_history(None, evaluate(dataset), "2026-01-01").drop(columns="outcome")
    with pytest.raises(ValueError, match="outcome"):
        append_history(broken, evaluate(dataset), "2026-02-01")
