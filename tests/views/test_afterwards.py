"""What comes next: after an opinion against, of support that ends on notice, of self-care that changed."""

from dataclasses import replace
from datetime import date

import pytest

from models import Benefit
from policy.vocabulary import Action, Authority, EndReason, Role, Scheme, Stage
from tests import factories
from views import tekun_words
from views.case_next import afterwards, goals_of
from views.case_said import say
from workflows.actor import Actor
from workflows.facts import Facts, Opinion
from workflows.facts_former import FormerFacts
from workflows.facts_tekun import TekunFacts
from workflows.reason import Reason

ON, LAST = date(2026, 4, 29), date(2026, 5, 6)
ENDING = {"end_reason": EndReason.OWN_WISH, "end_until": LAST}


@pytest.mark.parametrize(
    ("stage", "own", "says"),
    [
        (Stage.ACTIVE, {}, "每年复核一次"),
        (Stage.ACTIVE, ENDING, "终止公示至2026-05-06，期满无异议的由县级确认人办理退出"),
        (Stage.ACTIVE, {**ENDING, "end_held": True}, "终止公示已期满，由县级确认人办理退出"),
        (Stage.RECHECK, ENDING, "终止公示至2026-05-06"),
        (Stage.ACTIVE, {"assess_by": LAST, "changed": True}, "2026-05-06前完成复核评估"),
        (Stage.ACTIVE, {"changed": True}, "重新核算，由县级确认人变更供养"),
        (Stage.RECHECK, {"changed": True}, "维持、增发或减发"),
        (Stage.REVIEW, {"changed": True}, "公示 10 天"),
    ],
)
def test_support_that_runs_tells_what_its_next_step_waits_for(app, stage, own, says):
    facts = Facts(
        scheme=Scheme.TEKUN, stage=stage, on=ON, place=factories.VILLAGE, authority=Authority.COUNTY,
        tekun=TekunFacts(**own), living=1,
    )  # fmt: skip
    with app.test_request_context():
        told = afterwards(facts, lambda key: 10)
    assert told.startswith("之后：") and says in told


@pytest.mark.parametrize(
    ("living", "own", "goals", "says"),
    [
        (0, {}, (Action.POST_END_NOTICE,), "已无供养对象，先公示终止，期满后退出"),
        (1, {}, (), "每年复核一次"),
        (0, ENDING, (Action.CLOSE_END_NOTICE,), "终止公示至2026-05-06"),
    ],
)
def test_where_nobody_is_left_an_ending_is_what_comes_next(app, living, own, goals, says):
    facts = Facts(
        scheme=Scheme.TEKUN, stage=Stage.ACTIVE, on=ON, place=factories.VILLAGE, authority=Authority.COUNTY,
        tekun=TekunFacts(**own), living=living,
    )  # fmt: skip
    with app.test_request_context():
        assert says in afterwards(facts, lambda key: 10)
        assert tekun_words.goals(facts) == goals


@pytest.mark.parametrize("scheme", [Scheme.DIBAO, Scheme.TEKUN, Scheme.TEMPORARY, Scheme.EDGE, Scheme.RIGID])
@pytest.mark.parametrize(
    ("grants", "says"), [(False, "不公示，拟不予确认的报乡镇审核确认人决定"), (True, "公示 10 天")]
)
def test_after_an_opinion_against_a_refusal_is_told_and_not_a_notice(app, scheme, grants, says):
    facts = Facts(
        scheme=scheme, stage=Stage.REVIEW, on=ON, place=factories.VILLAGE, authority=Authority.TOWNSHIP,
        opinion=Opinion(grants, 1), tekun=TekunFacts() if scheme is Scheme.TEKUN else None,
    )  # fmt: skip
    with app.test_request_context():
        assert says in afterwards(facts, lambda key: 10)


@pytest.mark.parametrize(("told", "goals"), [(False, [Action.TELL_REFUSAL]), (True, [])])
def test_a_refusal_that_was_told_leads_to_no_telling_again(told, goals):
    facts = Facts(
        scheme=Scheme.DIBAO, stage=Stage.REFUSED, on=ON, place=factories.VILLAGE, authority=Authority.TOWNSHIP,
        refusal_told=told,
    )  # fmt: skip
    assert list(goals_of(facts)) == goals


SECOND = FormerFacts(second_notice=True)


@pytest.mark.parametrize(
    ("stage", "former", "grants", "second"),
    [
        (Stage.NOTICE, SECOND, True, True),
        (Stage.REVIEW, SECOND, True, False),
        (Stage.APPROVAL, SECOND, True, True),
        (Stage.APPROVAL, SECOND, False, False),
        (Stage.APPROVAL, FormerFacts(second_notice=True, second_held=True), True, False),
        (Stage.APPROVAL, FormerFacts(), True, False),
        (Stage.NOTICE, FormerFacts(), True, False),
    ],
)
def test_before_july_2021_the_second_notice_is_told_as_what_comes_next(app, stage, former, grants, second):
    facts = Facts(
        scheme=Scheme.DIBAO, stage=stage, on=ON, place=factories.VILLAGE, authority=Authority.TOWNSHIP,
        opinion=Opinion(grants, 1), former=former,
    )  # fmt: skip
    with app.test_request_context():
        assert ("再次公示" in afterwards(facts, lambda key: 10)) is second
        hangs = replace(facts, stage=Stage.NOTICE, notice_held=True)
        assert "再次公示" not in afterwards(hangs, lambda key: 10)


@pytest.mark.parametrize(
    ("authority", "role", "link", "who"),
    [
        (Authority.TOWNSHIP, Role.TOWNSHIP_OFFICER, "提交公示", ""),
        (Authority.TOWNSHIP, Role.COUNTY_REVIEWER, "查看", "可由乡镇经办人办理“提交公示”"),
        (Authority.COUNTY, Role.COUNTY_REVIEWER, "提交公示", ""),
        (Authority.COUNTY, Role.TOWNSHIP_OFFICER, "查看", "可由县级经办人办理“提交公示”"),
    ],
)
def test_the_second_notice_is_asked_of_the_level_that_confirms_alone(app, authority, role, link, who):
    facts = Facts(
        scheme=Scheme.DIBAO, stage=Stage.APPROVAL, on=ON, place=factories.VILLAGE, authority=authority,
        opinion=Opinion(True, 1), former=SECOND, notice_held=True,
    )  # fmt: skip
    with app.test_request_context():
        said = say(Reason("second_notice_missing"), Benefit(id=1), facts, Actor(1, "王", role, factories.VILLAGE))
    assert (str(said.link), str(said.who)) == (link, who)
