"""Two lists that their readers keep up on GitHub, counted by place: each run adds a day's count."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from etl.sources.base import Context, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import csv_of, decode, normalise_text


class PublicList(Source):
    cadence_days = 90
    rhythm_days = 365
    hosts = ("raw.githubusercontent.com",)
    keeps_history = True
    indicator: str
    page: str


class CsRankings(PublicList):
    """Computer scientists by university: one row per person and spelling.

    Persons are identified by ``scholarid``, or by name where they have no page. The list grows with its
    contributors as well as with staff. An affiliation is the university's English name, or its id of the
    scheme ``csrankings``.
    """

    id = "csrankings"
    title = "CSrankings, list of computer scientists"
    file = "https://raw.githubusercontent.com/emeryberger/CSrankings/gh-pages/csrankings.csv"
    page = "https://github.com/emeryberger/CSrankings/blob/gh-pages/csrankings.csv"
    publisher = "CSrankings (Emery Berger)"
    licence = "CC-BY-NC-ND-4.0 (facts with attribution)"
    indicator = "cs_faculty_csrankings"

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        universities = {name: one for one, name in context.names("university", "name_en").items()}
        universities |= context.ids("csrankings")
        persons: dict[str, set[str]] = defaultdict(set)
        for row in csv_of(snapshot, ("name", "affiliation", "scholarid")):
            person = row["scholarid"] if row["scholarid"] != "NOSCHOLARPAGE" else row["name"]
            persons[row["affiliation"]].add(person)
        if not persons.keys() & universities.keys():
            raise Unreadable("none of the universities of the catalogue is listed")
        out.document(self.page, "CSrankings: list of computer scientists by institution", [snapshot])
        for affiliation in sorted(persons.keys() & universities.keys()):
            out.add(
                universities[affiliation], self.indicator, snapshot.day, len(persons[affiliation]), self.page,
                locator=f"rows with affiliation {affiliation}, counted",
                note="own count, distinct by scholar id; crowd-sourced",
            )  # fmt: skip


class LlmList(PublicList):
    """Language models by the city of their maker, in a Markdown table with a column 省市.

    A row names a municipality (北京), or a province and a city (广东深圳).
    """

    id = "llm_list"
    title = "Public list of Chinese large language models"
    file = "https://raw.githubusercontent.com/wgwang/awesome-LLMs-In-China/main/README.md"
    page = "https://github.com/wgwang/awesome-LLMs-In-China/blob/main/README.md"
    publisher = "wgwang (GitHub)"
    licence = "Apache-2.0"
    indicator = "llm_models_listed"

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        places, listed = context.places(), list(_places(decode(snapshot)))
        if len(listed) < 10:
            raise Unreadable(f"{len(listed)} models in its table")
        out.document(self.page, "awesome-LLMs-In-China: list of models", [snapshot])
        note = f"own count over the {len(listed)} models of the list"
        # 广东深圳: the longest ending that is a place
        endings = ([name[start:] for start in range(len(name))] for name in listed)
        counts = Counter(next((places[end] for end in ends if end in places), "") for ends in endings)
        for entity, count in sorted(counts.items()):
            if entity and context.kind(entity) == "city":
                out.add(
                    entity, self.indicator, snapshot.day, count, self.page, locator="column 省市", note=note
                )


def _places(markdown: str) -> Iterator[str]:
    column = -1
    for line in markdown.splitlines():
        cells = [normalise_text(cell).removesuffix("市") for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            column = -1
        elif "大模型" in cells and "省" in cells:  # 省市, its 市 taken off
            column = cells.index("省")
        elif 0 <= column < len(cells) and cells[column].strip(":-"):
            yield cells[column]
