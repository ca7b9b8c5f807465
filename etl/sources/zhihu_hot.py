"""Questions of Zhihu's hot list: one JSON file a day since 2020-11-24, ``[{"title": …, "url": …}]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from etl.sources.hot_lists import HotList

_REPOSITORY = "justjavac/zhihu-trending-hot-questions"


class ZhihuHot(HotList):
    """Distinct questions a day that match an entity's keywords."""

    id = "zhihu_hot"
    title = "Zhihu hot questions daily archive"
    raw = f"https://raw.githubusercontent.com/{_REPOSITORY}/master/raw/{{day}}.json"
    page = f"https://github.com/{_REPOSITORY}/blob/master/raw/{{day}}.json"
    listing = f"https://github.com/{_REPOSITORY}/tree/master/raw"
    path = "raw/{day}.json"
    daily = "zhihu_hot_questions_daily"
    monthly = "zhihu_hot_questions_monthly"
    first_day = date(2020, 11, 24)
    publisher = "justjavac (GitHub)"
    what = "distinct questions of the day that match the keywords"

    def weights(self, entries: Sequence[Mapping[str, object]], at: str) -> dict[str, int]:
        """Each distinct question weighs 1."""
        return {self.title_of(entry, at): 1 for entry in entries}


SOURCE = ZhihuHot()
