"""Heat of Weibo's hot-search list: one JSON file a day since 2024-05-20.

``[{"title": …, "hot": 17499116, "ads": false, …}]``: ``hot`` is the platform's own figure, as kept by
the archive for the day; advertisements (``ads``) are left out. A title that stands twice counts once,
with its higher figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from etl.sources.base import ShapeError
from etl.sources.hot_lists import HotList

_REPOSITORY = "lxw15337674/weibo-trending-hot-history"


class WeiboHeat(HotList):
    """Heat a day, summed over the titles that match an entity's keywords."""

    id = "weibo_heat"
    title = "Weibo hot search history"
    raw = f"https://raw.githubusercontent.com/{_REPOSITORY}/master/api/{{day}}/summary.json"
    page = f"https://github.com/{_REPOSITORY}/blob/master/api/{{day}}/summary.json"
    listing = f"https://github.com/{_REPOSITORY}/tree/master/api"
    path = "api/{day}/summary.json"
    daily = "weibo_hot_search_heat_daily"
    monthly = "weibo_hot_search_heat_monthly"
    first_day = date(2024, 5, 20)
    publisher = "lxw15337674 (GitHub)"
    what = "heat summed over the distinct non-advertising titles of the day that match the keywords"

    def weights(self, entries: Sequence[Mapping[str, object]], at: str) -> dict[str, int]:
        """Each distinct title that is no advertisement weighs its heat."""
        heat: dict[str, int] = {}
        for entry in entries:
            advertisement = entry.get("ads")
            if not isinstance(advertisement, bool):
                raise ShapeError(self.id, f"{at}: an entry without a plain true or false in 'ads'")
            if advertisement:
                continue
            hot = entry.get("hot")
            if isinstance(hot, bool) or not isinstance(hot, int) or hot < 0:
                raise ShapeError(self.id, f"{at}: 'hot' is {hot!r}, a whole number was expected")
            title = self.title_of(entry, at)
            heat[title] = max(hot, heat.get(title, 0))
        return heat


SOURCE = WeiboHeat()
