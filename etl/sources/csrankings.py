"""CSrankings: computer-science faculty of the catalogue's universities, one dated count per run.

``csrankings.csv`` has one row per person and spelling, ``name,affiliation,homepage,scholarid``. Persons are
identified by ``scholarid``, or by name where they have no page. A crowd edits the list: it grows with its
contributors as well as with staff. An affiliation is the university's English name, or its ``csrankings`` id.
"""

from collections import defaultdict

from etl.sources.base import Context, Rows, Snapshot, Source, Unreadable
from etl.sources.reading import csv_of

PAGE = "https://github.com/emeryberger/CSrankings/blob/gh-pages/csrankings.csv"
INDICATOR = "cs_faculty_csrankings"
NO_PAGE = "NOSCHOLARPAGE"


class CsRankings(Source):
    id = "csrankings"
    title = "CSrankings, list of computer scientists"
    cadence_days = 90
    rhythm_days = 365
    file = "https://raw.githubusercontent.com/emeryberger/CSrankings/gh-pages/csrankings.csv"
    hosts = ("raw.githubusercontent.com",)
    keeps_history = True
    publisher = "CSrankings (Emery Berger)"
    licence = "CC-BY-NC-ND-4.0 (facts with attribution)"
    locator_hint = "column affiliation"

    def read_answer(self, snapshot: Snapshot, context: Context, out: Rows) -> None:
        ours = {name: entity for entity, name in context.names("university", "name_en").items()}
        ours |= context.ids("csrankings")
        persons: dict[str, set[str]] = defaultdict(set)
        for row in csv_of(snapshot, ("name", "affiliation", "scholarid")):
            own = row["scholarid"] if row["scholarid"] != NO_PAGE else row["name"]
            persons[row["affiliation"]].add(own)
        if not persons.keys() & ours.keys():
            raise Unreadable("none of the universities of the catalogue is listed")
        out.document(PAGE, "CSrankings: list of computer scientists by institution", [snapshot])
        for affiliation in sorted(persons.keys() & ours.keys()):
            out.add(
                ours[affiliation], INDICATOR, snapshot.day, len(persons[affiliation]), PAGE,
                locator=f"rows with affiliation {affiliation}, counted",
                note="own count, distinct by scholar id; crowd-sourced",
            )  # fmt: skip


SOURCE = CsRankings()
