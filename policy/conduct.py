"""What the family itself owes the office: pledge, authorisation, cooperation, honesty."""

from policy.clauses import law
from policy.sheet import Sheet

FRAUD = "国务院令第649号 第六十八条"


def conduct_ok(sheet: Sheet) -> bool:
    """Whether nothing in the family's conduct bars it; a reason for each thing that does (57号 第九、二十九条)."""
    conduct, duties = sheet.family.conduct, law(sheet.on, "第九条")
    before = len(sheet.reasons)
    if not conduct.pledge:
        sheet.reason("pledge_missing", "没有书面承诺所填家庭人口、收入、财产状况真实", duties)
    if not conduct.authorised:
        sheet.reason("authorisation_missing", "没有授权核对家庭经济状况", duties)
    if not conduct.cooperates:
        sheet.reason("refuses_check", "不配合家庭经济状况调查、核对", law(sheet.on, "第二十九条"))
    until = conduct.dishonest_until
    if until and until >= sheet.on:
        sheet.reason("dishonest_until", f"因失信行为，{until.isoformat()}以前（含当日）不受理申请", FRAUD)
    return len(sheet.reasons) == before
