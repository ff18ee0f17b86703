"""In how many working days a scheme is decided, and by which rule: never by that of another scheme."""

from datetime import date

import pytest

from policy.assess import assess
from policy.family import Disability, Family, Person
from policy.figures import Figures
from policy.vocabulary import Area, DisabilityKind, Subject

SHIPPED = Figures.shipped()
OLD = Person("m1", birth=date(1950, 3, 2), disability=Disability(DisabilityKind.LIMB, 1), self_care_unmet=4)


def found(scheme: Subject, on: date = date(2026, 3, 2)):
    return assess(Family("511526", on, scheme, Area.RURAL, members=(OLD,)), SHIPPED)


@pytest.mark.parametrize(("on", "days"), [(date(2021, 6, 30), 40), (date(2021, 7, 1), 30)])
def test_tekun_takes_the_township_s_term_and_the_county_s(on, days):
    assert found(Subject.TEKUN, on).deadlines == {"decide_working_days": days}


@pytest.mark.parametrize("scheme", [Subject.TEKUN, Subject.CARE_SUBSIDY, Subject.ORPHAN, Subject.UNSUPPORTED_CHILD])
def test_a_scheme_with_two_terms_of_its_own_cites_no_term_of_dibao(scheme):
    one = found(scheme)
    assert one.deadlines == {"decide_working_days": 30}
    assert not [key for key in one.figures_used if key.startswith("decide.")]


def test_tekun_cites_the_articles_of_its_own_rule():
    used = found(Subject.TEKUN).figures_used
    cited = [used[key]["cite"] for key in ("tekun.opinion_working_days", "tekun.county_working_days")]
    assert cited == ["民发〔2021〕43号 第十三条", "民发〔2021〕43号 第十六条"]


def test_dibao_is_decided_within_its_own_term():
    assert "decide.delegated" in found(Subject.DIBAO).figures_used
