"""Figures of the sample county: its supervisor entered what the shipped ones only stand in for, so letters may go out.

The values are the shipped ones; the document is invented, and called so.
"""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from policy.figure_keys import Status
from policy.figures import Figure, Figures
from policy.vocabulary import Role
from workflows import county_figures
from workflows.actor import Actor
from workflows.county_figures import Entry
from workflows.demo.divisions import COUNTY, Office

DOCUMENT, CLAUSE = "样本县虚构文件：社会救助标准和办法", "附表"


def enter(session: Session, office: Office, began: date, on: date) -> Figures:
    """Enter a figure for each placeholder that holds in the county from its first day on; returns all there are."""
    staff = office.county[Role.SUPERVISOR][0]
    supervisor = Actor(staff.id, staff.name, staff.role, COUNTY)
    for figure in _standing_in(Figures.shipped(), began, on):
        entry = Entry(
            figure.key, COUNTY, figure.text, figure.valid_from, DOCUMENT, CLAUSE, figure.valid_to,
            Status.OFFICIAL.value, f"样本数，借自{figure.cite}。",
        )  # fmt: skip
        county_figures.add(session, supervisor, entry, datetime.combine(began, time(9, 30)))
    return county_figures.read(session)


def _standing_in(known: Figures, began: date, on: date) -> list[Figure]:
    """Placeholders that are looked up for the county on some day from ``began`` to ``on``, the oldest first."""
    found = [
        figure for figure in known
        if figure.status is Status.PLACEHOLDER and COUNTY.startswith(figure.place) and figure.valid_from <= on
        and (figure.valid_to is None or figure.valid_to >= began)
        and known.find(figure.key, place=COUNTY, on=max(figure.valid_from, began)) == figure
    ]  # fmt: skip
    return sorted(found, key=lambda figure: figure.valid_from)
