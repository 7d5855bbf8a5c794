"""A record in full: what may be added, versions side by side, what both sides sign."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.domain.actor import SYSTEM, Role
from app.domain.errors import InvalidInputError
from app.domain.outcome import ConfirmationKind
from app.domain.outcome_record import Effect, Extras, Referral
from app.domain.service_record import ActualTimes, CorrectionOp, Span
from app.models.audit_entry import AuditEntry
from app.models.outcome import Confirmation, OutcomeVersion
from app.queries.bureau_desk import compared, evidence
from app.services import audit_entries, corrections, outcomes
from app.unit_of_work import unscoped
from tests.builders import staff
from tests.moments import at
from tests.scenes import Plays, after
from tests.services.scene import Scene, set_scene

MORE = Extras(
    stage="startup",
    topics=("registration", "policy_subsidy"),
    effects=(Effect("eff_loan", 200_000, "合同号已见"), Effect("eff_ip", None, "专利证书")),
    referral=Referral("区行政审批服务局", "要办许可证"),
)
PLAIN = outcomes.Record("怎么登记？", "先核名，再到大厅提交。", [], "advised")
FULL = replace(PLAIN, extras=MORE)


@after(set_scene)
def held(scene: Scene) -> Scene:
    scene.finished()
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"scene": held}


def write(scene: Scene, record: outcomes.Record) -> None:
    scene.store.execute(scene.mentor, outcomes.revise, scene.session().id, record)


def confirm(scene: Scene, **values) -> Confirmation:
    (outcome,) = scene.rows(outcomes.recording.Outcome)
    word = outcomes.OwnWord(agrees=True, **values)
    kind = ConfirmationKind.SIGNED_IN
    scene.store.execute(scene.founder, outcomes.say, outcome.id, word, kind)
    (said,) = scene.rows(Confirmation)
    return said


def looked_at(scene: Scene):
    with scene.store.read(scene.officer) as reader:
        return evidence(reader, scene.session().id).record


def faults(scene: Scene) -> list[str]:
    with scene.store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, scene.store.audit_key())
    return [str(fault["kind"]) for fault in report.faults]


def test_what_is_added_is_kept_shown_and_told_to_the_trail_without_its_words(scene: Scene) -> None:
    write(scene, FULL)
    assert looked_at(scene).written[0].extras == MORE
    (entry,) = scene.rows(AuditEntry, AuditEntry.entity == "outcome_versions")
    assert '"stage":"startup"' in entry.body
    assert '"topics":["registration","policy_subsidy"]' in entry.body
    assert not any(words in entry.body for words in ("合同号", "200000", "许可证"))
    assert faults(scene) == []
    with scene.store.engine.begin() as connection, unscoped():
        for statement in (
            "DROP TRIGGER tr_outcome_versions_update"
            + (" ON outcome_versions" if scene.store.engine.dialect.name == "postgresql" else ""),
            "UPDATE outcome_versions SET effects = NULL",
        ):
            connection.execute(text(statement))
    assert faults(scene) == ["row.differs"]


@pytest.mark.parametrize(
    ("extras", "field"),
    [
        (Extras(stage="nowhere"), "stage"),
        (Extras(topics=("nothing",)), "topics"),
        (Extras(topics=("registration",) * 6), "topics"),
        (Extras(effects=(Effect("eff_magic", None, "好"),)), "effect_1_kind"),
        (Extras(effects=(Effect("eff_loan", None, "放款"),)), "effect_1_amount"),
        (Extras(effects=(Effect("eff_ip", 3, "三件"),)), "effect_1_amount"),
        (Extras(effects=(Effect("eff_jobs", 0, "没有"),)), "effect_1_amount"),
        (Extras(effects=(Effect("eff_jobs", 10**9, "很多"),)), "effect_1_amount"),
        (Extras(effects=(Effect("eff_jobs", 2, " "),)), "effect_1_words"),
        (Extras(effects=(Effect("eff_ip", None, "证"),) * 6), "effects"),
        (Extras(referral=Referral("审批局", "")), "referral_why"),
        (Extras(referral=Referral("", "要办证")), "referral_to"),
    ],
)
def test_what_cannot_be_taken_is_named_at_its_field(scene: Scene, extras, field) -> None:
    with pytest.raises(InvalidInputError) as caught:
        write(scene, replace(PLAIN, extras=extras))
    assert [fault.field for fault in caught.value.errors] == [field]
    assert scene.rows(OutcomeVersion) == []


def test_both_sides_sign_the_same_text_by_their_names(scene: Scene) -> None:
    with pytest.raises(InvalidInputError) as caught:
        write(scene, replace(FULL, signed_name="别人"))
    assert caught.value.errors[0].field == "signed_name"
    write(scene, replace(FULL, signed_name=f" {scene.mentor.name} "))
    with pytest.raises(InvalidInputError):
        confirm(scene, signed_name="李")
    said = confirm(scene, signed_name=scene.founder.name)
    (version,) = scene.rows(OutcomeVersion)
    assert (version.signed_name, said.signed_name) == (scene.mentor.name, scene.founder.name)
    assert version.text_sha256 == said.text_sha256
    record = looked_at(scene)
    assert record.written[0].signature.is_current
    assert record.said[0].signature.is_current
    entries = scene.rows(AuditEntry, AuditEntry.entity.in_(["outcome_versions", "confirmations"]))
    assert all(version.text_sha256 in entry.body for entry in entries)
    assert not any(scene.founder.name in entry.body for entry in entries)


def test_a_signature_is_no_duty(scene: Scene) -> None:
    write(scene, PLAIN)
    assert confirm(scene).signed_name is None
    signature = looked_at(scene).said[0].signature
    assert (signature.name, signature.is_current) == (None, True)


def test_what_was_signed_is_seen_to_be_another_text_after_a_correction(scene: Scene) -> None:
    write(scene, replace(PLAIN, signed_name=scene.mentor.name))
    confirm(scene, signed_name=scene.founder.name)
    times = ActualTimes(Span(at("09-18 14:00"), at("09-18 14:50")))
    change = scene.store.execute(
        scene.officer,
        corrections.propose,
        scene.session().id,
        CorrectionOp.SET_ACTUAL_TIMES,
        times,
        "监控显示",
    )
    assert looked_at(scene).written[0].signature.is_current
    scene.clock.put(at("09-18 17:00"))
    scene.store.execute(staff(scene.store, Role.APPROVER), corrections.approve, change.id)
    record = looked_at(scene)
    assert not record.written[0].signature.is_current
    assert not record.said[0].signature.is_current


def test_versions_stand_side_by_side_with_what_each_changed(scene: Scene) -> None:
    write(scene, PLAIN)
    write(scene, replace(FULL, reason="补充成效"))
    write(scene, replace(FULL, advice="直接办公司。", result="resolved", reason="客户要求"))
    steps = compared(looked_at(scene).written)
    assert [(step.before.number, step.after.number, step.changed) for step in steps] == [
        (2, 3, ("advice", "result")),
        (1, 2, ("extras",)),
    ]
    assert steps[0].before.advice == PLAIN.advice
