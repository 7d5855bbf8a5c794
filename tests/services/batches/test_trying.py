import pytest
from sqlalchemy import update

from app.domain.actor import SYSTEM
from app.domain.batch import BatchStatus, BatchStepError, Objective, Terms
from app.domain.errors import ForbiddenError, InvalidInputError
from app.models.audit_entry import AuditEntry
from app.models.batch import Batch, BatchNeed, BatchPair
from app.models.expert import Expert
from app.services import batches
from tests.builders import a_founder

NEAR = "从事商标注册，也做企业管理咨询、财税、用工和经营辅导。"


@pytest.fixture
def uneven(round_) -> Batch:
    """Four needs that all fit one expert best, and another who fits less well."""
    round_.expert("ip", "甲")
    round_.expert("ip", "乙", bio=NEAR)
    for _ in range(4):
        round_.need("ip")
    return round_.drafted()


def look(round_, use_case, *args, by=None):
    with round_.store.read(by or round_.officer) as reader:
        return use_case(reader, *args)


def test_other_terms_are_compared_with_the_plan_and_nothing_is_written(round_, uneven) -> None:
    before = [(b.version, b.receipt) for b in round_.rows(Batch)]
    trial = look(round_, batches.try_terms, uneven.id, Terms.weighed(60, 0, 0, cap=2))
    assert (trial.present.arranged, trial.present.most) == (4, 4)
    assert (trial.measures.arranged, trial.measures.most) == (4, 2)
    assert trial.measures.mean_fit < trial.present.mean_fit
    assert trial.changed == 2
    assert [(b.version, b.receipt) for b in round_.rows(Batch)] == before


def test_the_same_terms_change_nothing(round_, uneven) -> None:
    trial = look(round_, batches.try_terms, uneven.id, Terms.usual(Objective.TOTAL))
    assert trial.changed == 0
    assert trial.measures == trial.present


def test_a_cap_that_is_too_low_leaves_needs_over(round_, uneven) -> None:
    trial = look(round_, batches.try_terms, uneven.id, Terms.weighed(60, 0, 0, cap=1))
    assert (trial.measures.arranged, trial.measures.left, trial.changed) == (2, 2, 3)


def test_the_worst_off_need_can_be_put_first(round_, uneven) -> None:
    terms = Terms.weighed(60, 25, 15, cap=2, worst_first=True)
    assert (terms.objective, terms.evenness) == (Objective.WORST_OFF, 0)
    assert look(round_, batches.try_terms, uneven.id, terms).measures.arranged == 4


@pytest.mark.parametrize(
    ("weights", "field"),
    [((0, 50, 0, None), "fit"), ((101, 0, 0, None), "fit"), ((1, -1, 0, None), "even"),
     ((1, 0, 0, 0), "cap"), ((1, 0, 0, 32), "cap")],
)  # fmt: skip
def test_terms_that_say_nothing_are_refused(weights, field) -> None:
    *others, cap = weights
    with pytest.raises(InvalidInputError) as refused:
        Terms.weighed(*others, cap=cap)
    assert [each.field for each in refused.value.errors] == [field]


def test_terms_are_adopted_as_a_draft_of_its_own(round_, uneven) -> None:
    made = round_.do(batches.adopt, uneven.id, Terms.weighed(60, 0, 0, cap=2))
    assert made.status is BatchStatus.COMPUTING
    round_.work()
    now = round_.now(made)
    assert (now.status, now.cap, now.number) == (BatchStatus.DRAFT, 2, 2)
    assert now.inputs_of_id == uneven.id
    assert now.receipt["inputs_sha256"] == uneven.receipt["inputs_sha256"]
    chosen = list(round_.pairs(now).values())
    assert max(chosen.count(each) for each in chosen) == 2
    assert round_.now(uneven).status is BatchStatus.DISCARDED
    assert len(round_.rows(AuditEntry, AuditEntry.action == "batch.discarded")) == 1
    with pytest.raises(BatchStepError):
        look(round_, batches.try_terms, uneven.id, Terms.usual(Objective.TOTAL))


@pytest.mark.parametrize("objective", list(Objective))
def test_a_batch_computed_anew_from_its_receipt_is_equal(round_, objective) -> None:
    round_.expert("ip", "甲", monthly_limit=2)
    round_.expert("ip", "乙", bio=NEAR)
    for trade in ("ip", "capital", "ip", "ip"):
        round_.need(trade)
    batch = round_.drafted(objective)
    again = look(round_, batches.recompute, batch.id)
    assert again.is_equal
    assert again.sha256 == batch.receipt["inputs_sha256"]


def test_swaps_after_the_computation_do_not_disturb_its_proof(round_, uneven) -> None:
    (need, first), *_ = round_.pairs(uneven).items()
    other = next(e.id for e in round_.rows(Expert) if e.id != first)
    round_.do(batches.swap, uneven.id, need, other, "电话商定", round_.pool())
    assert look(round_, batches.recompute, uneven.id).is_equal


def test_a_changed_input_and_a_changed_pair_are_both_seen(round_, uneven) -> None:
    pair = round_.rows(BatchPair)[0]
    other = {p for p in round_.pairs(uneven).values()} ^ {e.id for e in round_.rows(Expert)}

    def forge(uow, model, which, **values) -> None:
        uow.session.execute(update(model).where(model.id == which).values(**values))

    round_.do(forge, BatchPair, pair.id, planned_expert_id=other.pop(), by=SYSTEM)
    again = look(round_, batches.recompute, uneven.id)
    assert (again.inputs_equal, again.pairs_equal) == (True, False)
    assert again.differing == (pair.need_id,)

    need = round_.rows(BatchNeed)[0]
    round_.do(forge, BatchNeed, need.id, scores=[1, 999_999], by=SYSTEM)
    assert not look(round_, batches.recompute, uneven.id).inputs_equal


def test_a_founder_sees_nothing_of_a_batch_but_what_he_was_told(round_) -> None:
    founder, other = a_founder(round_.store), a_founder(round_.store)
    round_.expert("ip")
    need = round_.need("ip", founder)
    round_.need("ip", other)
    batch = round_.drafted()

    def seen(model) -> int:
        with round_.store.read(founder) as reader:
            return len(reader.session.query(model).all())

    assert [seen(model) for model in (Batch, BatchNeed, BatchPair)] == [0, 0, 0]
    round_.do(batches.publish, batch.id)
    with round_.store.read(founder) as reader:
        assert [pair.need_id for pair in reader.session.query(BatchPair)] == [need.id]
    with pytest.raises(ForbiddenError):
        look(round_, batches.try_terms, batch.id, Terms.usual(Objective.TOTAL), by=founder)
