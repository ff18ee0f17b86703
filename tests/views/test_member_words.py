"""What a list and a page tell of a member's condition."""

from types import SimpleNamespace

from policy.vocabulary import DisabilityKind, Employment, Labour
from views.member_words import condition

STUDENT = SimpleNamespace(
    disability_kind=None, disability_level=None, illness=None, illness_name=None, labour=Labour.ABLE,
    employment=Employment.STUDENT,
)  # fmt: skip
DISABLED = SimpleNamespace(
    disability_kind=DisabilityKind.LIMB, disability_level=2, illness=None, illness_name="尿毒症", labour=Labour.NONE,
)  # fmt: skip


def test_a_list_tells_only_what_keeps_somebody_from_work(app) -> None:
    with app.test_request_context():
        assert (condition(STUDENT), condition(DISABLED)) == ("—", "肢体残疾 2级、尿毒症、无劳动能力")


def test_a_page_tells_also_who_can_work_and_who_studies(app) -> None:
    with app.test_request_context():
        assert condition(STUDENT, whole=True) == "有劳动能力、在校学生"
