"""Who may confirm what a calculation found, and in how many working days."""

from policy.authority import confirming, term_key
from policy.sheet import Sheet
from policy.vocabulary import Authority, Subject


def authority_and_deadlines(sheet: Sheet, amount_fen: int | None = None) -> tuple[Authority | None, dict[str, int]]:
    """Township, county or, for temporary aid above the ceiling (分), the county government; terms in working days.

    None where the place has no rule for the scheme. 民发〔2021〕57号 第二、二十二条; 珙县试点工作方案 三(二).
    """
    scheme = sheet.family.scheme
    delegated = None if scheme is Subject.PRICE_SUBSIDY else sheet.find(f"delegate.{scheme.value}")
    if delegated is None:
        return None, {}
    if scheme is Subject.TEMPORARY:
        return _temporary(sheet, Authority(delegated.word), amount_fen)
    authority = confirming(Authority(delegated.word), False, None, None)
    return authority, _within(sheet, "decide_working_days", term_key(authority, special=False))


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
