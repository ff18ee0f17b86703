"""The last row of a desk's places is what they have together, and stays so when one of them changes."""

import html
import re

from policy.vocabulary import Role, Scheme
from tests import factories
from tests.views.clerks import Clerks
from tests.views.test_desk import seen


def rows(page: str) -> list[list[str]]:
    table = page.partition('id="places"')[2].partition("</table>")[0].partition("<tbody>")[2]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("</tr>"))
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)).replace(",", "") for cell in row] for row in cells if row]


def summed(page: str) -> bool:
    *places, (name, *together) = rows(page)
    sums = [sum(map(float, column)) for column in list(zip(*places, strict=True))[1:]]
    return name == "合计" and len(places) > 1 and sums == list(map(float, together)) and sum(sums) > 0


def test_the_places_of_a_desk_are_added_up_in_a_last_row_that_follows_them(clerks: Clerks) -> None:
    clerks.to_active()
    clerks.apply(village=factories.OTHER_VILLAGE, by="township_officer_2")
    before = seen(clerks, Role.COUNTY_REVIEWER)
    assert summed(before)
    clerks.apply(Scheme.DIBAO)
    after = seen(clerks, Role.COUNTY_REVIEWER)
    assert summed(after) and int(rows(after)[-1][1]) == int(rows(before)[-1][1]) + 1
