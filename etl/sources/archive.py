"""Archives on GitHub with one file a day, under a path with ``{day}``."""

from datetime import date, timedelta

from etl.sources.base import RAW, Context, Request, Source

DAY = timedelta(days=1)
SETTLED = timedelta(days=7)
"""Age from which on a file, or its absence, is final."""


class DailyArchive(Source):
    cadence_days = 1
    hosts = ("raw.githubusercontent.com",)
    rate_per_second = 5.0
    keeps_history = True
    licence = "MIT"

    def __init__(self, id_: str, title: str, repository: str, path: str, first_day: date) -> None:
        self.id, self.title, self.path, self.first_day = id_, title, path, first_day
        self.publisher = f"{repository.partition('/')[0]} (GitHub)"
        self.raw = f"https://raw.githubusercontent.com/{repository}/master/{path}"
        self.page = f"https://github.com/{repository}/blob/master/{path}"

    def day_request(self, day: date, context: Context, *, stored: bool = False) -> Request:
        """Return the request for a day's file; ``stored``: only for its stored answer."""
        return Request(
            self.raw.format(day=day), accept=RAW, key=f"{day}", optional=True,
            ask="never" if stored else "once" if context.today - day > SETTLED else "always",
        )  # fmt: skip
