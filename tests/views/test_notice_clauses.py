"""A village's public notice and publication rest on the rule of their own scheme, as it stood that day."""

from datetime import date

import pytest

from policy.clauses import common, notice_clause, publication_clause, term_clause, whole_case
from policy.figures import Figures
from policy.vocabulary import Action, Scheme, Stage
from tests import factories
from tests.views.clerks import OFFICER
from tests.views.test_papers import told
from views.papers_aid import cited

S = Scheme
NOTICES = [
    (S.DIBAO, "《最低生活保障审核确认办法》（民发〔2021〕57号）第十九条"),
    (S.TEKUN, "《特困人员认定办法》（民发〔2021〕43号）第十五条"),
    (S.EDGE, "《关于加强低收入人口动态监测做好分层分类社会救助工作的意见》（国办发〔2023〕39号）"),
    (S.RIGID, "《刚性支出困难家庭认定办法》第十三条"),
    (S.TEMPORARY, "《民政部、财政部关于进一步加强和改进临时救助工作的意见》（民发〔2018〕23号）"),
]  # fmt: skip


def page(clerks, kind: str, scheme: Scheme) -> str:
    where = f"/papers/list/{kind}/?place={factories.VILLAGE}&scheme={scheme.value}"
    answer = clerks.browser(OFFICER).get(where)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_village_s_notice_cites_the_rule_of_its_scheme(clerks):
    for scheme, rule in NOTICES:
        text = page(clerks, "notice", scheme)
        assert f"根据{rule}，现将{'拟认定的' if scheme in (S.EDGE, S.RIGID) else '拟给予'}" in text
        assert "家庭的家庭" not in text + (page(clerks, "publish", scheme) if scheme is not S.TEMPORARY else "")
        assert ("57号" in text) is (scheme is S.DIBAO)


def test_a_publication_cites_the_rule_of_its_scheme(clerks):
    assert "《最低生活保障审核确认办法》（民发〔2021〕57号）第二十四条" in page(clerks, "publish", S.DIBAO)
    text = page(clerks, "publish", S.TEKUN)
    assert "《特困人员认定办法》（民发〔2021〕43号）第十七条" in text and "的人员予以公布" in text


def test_one_case_s_notice_cites_the_same(clerks):
    clerks.to_notice()
    assert "根据《最低生活保障审核确认办法》（民发〔2021〕57号）第十九条，现将拟给予" in told(clerks, "notice")


def test_temporary_aid_is_offered_among_the_notices_and_not_among_the_publications(clerks):
    where = f"/papers/list/publish/?place={factories.VILLAGE}&scheme=temporary"
    clerks.apply()
    assert clerks.browser(OFFICER).get(where).status_code == 404
    offered = clerks.browser(OFFICER).get("/papers/lists/").get_data(as_text=True)
    notices = offered.partition('id="scheme-notice"')[2].partition("</select>")[0]
    assert 'value="temporary"' in notices


@pytest.mark.parametrize(
    ("scheme", "on", "notice", "publication"),
    [
        (S.DIBAO, date(2021, 6, 30), "民发〔2012〕220号", "民发〔2012〕220号"),
        (S.DIBAO, date(2021, 7, 1), "民发〔2021〕57号 第十九条", "民发〔2021〕57号 第二十四条"),
        (S.TEKUN, date(2021, 6, 30), "民发〔2016〕178号", "民发〔2016〕178号"),
        (S.TEKUN, date(2021, 7, 1), "民发〔2021〕43号 第十五条", "民发〔2021〕43号 第十七条"),
        (S.EDGE, date(2023, 10, 7), "民发〔2021〕57号 第八条", "民发〔2021〕57号 第八条"),
        (S.EDGE, date(2023, 10, 8), "国办发〔2023〕39号", "国办发〔2023〕39号"),
    ],
)
def test_the_rule_is_that_of_the_day(scheme, on, notice, publication):
    assert (notice_clause(scheme, on), publication_clause(scheme, on)) == (notice, publication)


def test_what_concerns_a_family_of_rigid_spending_cites_its_article():
    rule = "《刚性支出困难家庭认定办法》"
    assert common(S.RIGID)[0].value == f"{rule}第四条"
    assert term_clause(S.RIGID, Stage.ACTIVE) == f"{rule}第十条"
    shared = Figures.shipped().get("decide.rigid", place="51", on=date(2026, 3, 2))
    term = f"{rule}（时限同民发〔2021〕57号 第二十二条）"
    assert [term_clause(S.RIGID, Stage.REVIEW), whole_case(S.RIGID), shared.cite] == [term] * 3
    assert (term_clause(S.RIGID, Stage.NOTICE), publication_clause(S.RIGID, date(2026, 3, 2))) == (rule, rule)
    papers = {code: cited(code, S.RIGID, date(2026, 3, 2)) for code in ("application", "receipt", "crosscheck")}
    assert papers == {"application": f"{rule}第六条", "receipt": f"{rule}第六条", "crosscheck": f"{rule}第十三条"}


def test_the_receipt_of_a_family_of_rigid_spending_says_by_which_rule_its_term_is(clerks):
    clerks.apply(S.RIGID)
    clerks.walk((Action.ACCEPT, OFFICER))
    text = told(clerks, "receipt")
    assert "30个工作日内（依据《刚性支出困难家庭认定办法》（时限同民发〔2021〕57号第二十二条）），即" in text
