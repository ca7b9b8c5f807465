"""Titles of Weibo's hot-search list: one JSON file a day since 2020-11-24, ``[{"title": …, "url": …}]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from etl.sources.hot_lists import HotList

_REPOSITORY = "justjavac/weibo-trending-hot-search"


class WeiboHot(HotList):
    """Distinct titles a day that match an entity's keywords."""

    id = "weibo_hot"
    title = "Weibo hot search daily archive"
    raw = f"https://raw.githubusercontent.com/{_REPOSITORY}/master/raw/{{day}}.json"
    page = f"https://github.com/{_REPOSITORY}/blob/master/raw/{{day}}.json"
    listing = f"https://github.com/{_REPOSITORY}/tree/master/raw"
    path = "raw/{day}.json"
    daily = "weibo_hot_search_titles_daily"
    monthly = "weibo_hot_search_titles_monthly"
    first_day = date(2020, 11, 24)
    publisher = "justjavac (GitHub)"
    what = "distinct titles of the day that match the keywords"

    def weights(self, entries: Sequence[Mapping[str, object]], at: str) -> dict[str, int]:
        """Each distinct title weighs 1."""
        return {self.title_of(entry, at): 1 for entry in entries}


SOURCE = WeiboHot()
