"""Names as they are typed on a Latin keyboard: pinyin in full and by initials."""

from __future__ import annotations

import pytest

from dashboard.dataset import Dataset
from dashboard.locale.pinyin import MOST, spellings


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("杭州", ("hang zhou", "hz")),
        ("腾讯", ("teng xun", "tx")),
        ("重庆", ("chong qing", "cq")),
        ("长沙", ("chang sha", "cs")),
        ("Alphabet（谷歌）", ("alphabet gu ge", "alphabetgg")),
    ],
)
def test_a_name_is_spelt_in_full_and_by_initials(name: str, typed: tuple[str, ...]) -> None:
    assert set(typed) <= set(spellings(name))


def test_a_latin_name_needs_no_spelling() -> None:
    assert spellings("ChatGPT") == []


def test_every_chinese_name_of_the_dataset_is_spelt(dataset: Dataset) -> None:
    for entity in dataset.entities.values():
        chinese = [c for c in entity.name_zh_hans if "\u4e00" <= c <= "\u9fff"]
        found = spellings(entity.name_zh_hans)
        assert bool(found) == bool(chinese), entity
        assert all(s.isascii() and s.replace(" ", "").isalnum() for s in found), (entity, found)
        assert len(found) <= 2 * MOST


def test_the_cities_of_the_essay_are_found_by_their_names(dataset: Dataset) -> None:
    for city in ("shenzhen", *dataset.group("pursuers"), "guangzhou", "beijing", "shanghai", "nanjing"):
        assert city in {s.replace(" ", "") for s in spellings(dataset.entities[city].name_zh_hans)}
