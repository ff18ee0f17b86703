"""Who may confirm what a calculation found, and in how many working days."""

from policy.authority import confirming, term_key
from policy.sheet import Sheet
from policy.vocabulary import Authority, Subject

TWO_TERMS = {
    Subject.TEKUN: ("tekun.opinion_working_days", "tekun.county_working_days"),
    **{
        scheme: (f"{scheme.value}.township_working_days", f"{scheme.value}.county_working_days")
        for scheme in (Subject.LIVING_SUBSIDY, Subject.CARE_SUBSIDY, Subject.UNSUPPORTED_CHILD, Subject.ORPHAN)
    },
}
"""Schemes whose rule gives the township so long and the county so long."""


def authority_and_deadlines(sheet: Sheet, amount_fen: int | None = None) -> tuple[Authority | None, dict[str, int]]:
    """Township, county or, for temporary aid above the ceiling (分), the county government; terms in working days.

    None where the place has no rule for the scheme. 民发〔2021〕57号 第二、二十二条; 民发〔2021〕43号 第十三、十六条;
    民发〔2019〕62号 二; 珙县试点工作方案 三(二).
    """
    scheme = sheet.family.scheme
    delegated = None if scheme is Subject.PRICE_SUBSIDY else sheet.find(f"delegate.{scheme.value}")
    if delegated is None:
        return None, {}
    if scheme is Subject.TEMPORARY:
        return _temporary(sheet, Authority(delegated.word), amount_fen)
    authority = confirming(Authority(delegated.word), False, None, None)
    if scheme in TWO_TERMS:
        return authority, _one_after_the_other(sheet, TWO_TERMS[scheme])
    return authority, _within(sheet, "decide_working_days", term_key(authority, False, scheme))


def _one_after_the_other(sheet: Sheet, keys: tuple[str, str]) -> dict[str, int]:
    """The township's term and the county's, which begins when the township is ready; without the notice between."""
    terms = [sheet.find(key) for key in keys]
    return {"decide_working_days": sum(term.whole for term in terms if term)} if all(terms) else {}


def _temporary(sheet: Sheet, level: Authority, amount_fen: int | None) -> tuple[Authority, dict[str, int]]:
    limit, ceiling = sheet.find("temporary.township_limit"), sheet.find("temporary.ceiling")
    if ceiling and (amount_fen or 0) > ceiling.whole:
        authority = Authority.COUNTY_GOVERNMENT
    else:
        authority = confirming(level, True, limit.whole if limit else None, amount_fen)
    event = sheet.family.event
    if event and event.urgent:
        return authority, _within(sheet, "papers_working_days", "temporary.papers_working_days")
    return authority, _within(sheet, "decide_working_days", term_key(authority, special=False))


def _within(sheet: Sheet, name: str, key: str) -> dict[str, int]:
    figure = sheet.find(key)
    return {name: figure.whole} if figure else {}
