from datetime import date

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.domain.activity import (
    BlockedJudgeError,
    MeanKind,
    NotBegunError,
    NotJudgeError,
    NotPublishedError,
    NotReviewError,
    ProjectTwiceError,
    ScoringOverError,
    SheetFrozenError,
    SheetsMissingError,
    SlotsOverrunError,
)
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.outcome import ConfirmationKind
from app.models.activity import Activity, ReviewProject, ReviewRecusal, ScoreSheet
from app.models.expert import DeclaredInterest
from app.models.outcome import Outcome
from app.models.person import Venture
from app.services import activities
from app.unit_of_work import unscoped
from tests.builders import a_mentor, an_expert, keep
from tests.gathering import Hall
from tests.moments import at
from tests.turns import on_each

BEGINS = "09-18 09:00"


@pytest.fixture
def review(hall: Hall) -> Activity:
    """A review by three judges with room for twelve projects."""
    plan = hall.review_plan(BEGINS, experts=tuple(expert.id for expert in hall.experts))
    return hall.store.execute(hall.officer, activities.announce, plan)


def add(hall: Hall, review: Activity, *numbers: int) -> list[ReviewProject]:
    ventures = [hall.venture(number) for number in numbers]
    return [
        hall.store.execute(hall.officer, activities.add_project, review.id, venture.id)
        for venture in ventures
    ]


def an_interest(hall: Hall, expert: int, venture: Venture) -> DeclaredInterest:
    interest = DeclaredInterest(
        expert_id=hall.experts[expert].id,
        conflict_type="ci1_employment",
        organisation=venture.name,
        credit_code=venture.credit_code,
        starts_on=date(2024, 1, 1),
    )
    keep(hall.store, interest)
    return interest


def submit(hall: Hall, judge: int, project: ReviewProject, *marks: int) -> ScoreSheet:
    hall.clock.put(max(hall.clock.now(), at(BEGINS)))
    return hall.store.execute(hall.mentor_of(judge), activities.submit_sheet, project.id, marks)


def publish(hall: Hall, review: Activity, *absent: int) -> list[ReviewProject]:
    keys = [hall.experts[each].id for each in absent]
    return list(hall.store.execute(hall.officer, activities.publish, review.id, keys))


def test_projects_are_heard_one_after_the_other_while_there_is_time(hall: Hall) -> None:
    plan = hall.review_plan(BEGINS, minutes=44)
    review = hall.store.execute(hall.officer, activities.announce, plan)

    projects = add(hall, review, 1, 2)

    assert [project.position for project in projects] == [1, 2]
    with pytest.raises(SlotsOverrunError):
        add(hall, review, 3)


def test_a_venture_is_heard_once_and_in_a_review_alone(hall: Hall, review: Activity) -> None:
    venture, lecture = hall.venture(1), hall.announced()
    hall.store.execute(hall.officer, activities.add_project, review.id, venture.id)

    with pytest.raises(ProjectTwiceError):
        hall.store.execute(hall.officer, activities.add_project, review.id, venture.id)
    with pytest.raises(NotReviewError):
        hall.store.execute(hall.officer, activities.add_project, lecture.id, venture.id)


def test_projects_after_one_that_is_dropped_move_up(hall: Hall, review: Activity) -> None:
    first, second, third = add(hall, review, 1, 2, 3)

    hall.store.execute(hall.officer, activities.drop_project, second.id)

    rows = hall.rows(ReviewProject)
    assert {row.id: row.position for row in rows} == {first.id: 1, third.id: 2}


def test_a_judge_with_a_tie_is_kept_from_that_project_alone(hall: Hall, review: Activity) -> None:
    tied, free = hall.venture(1), hall.venture(2)
    an_interest(hall, 1, tied)
    blocked, other = (
        hall.store.execute(hall.officer, activities.add_project, review.id, venture.id)
        for venture in (tied, free)
    )

    (recusal,) = hall.rows(ReviewRecusal)
    assert (recusal.review_project_id, recusal.expert_id) == (blocked.id, hall.experts[1].id)
    with pytest.raises(BlockedJudgeError):
        submit(hall, 1, blocked, 80, 80)
    submit(hall, 1, other, 80, 80)
    submit(hall, 0, blocked, 80, 80)


def test_a_tie_that_becomes_known_at_the_table_blocks_as_well(hall: Hall, review: Activity) -> None:
    venture = hall.venture(1)
    project = hall.store.execute(hall.officer, activities.add_project, review.id, venture.id)
    an_interest(hall, 1, venture)

    with pytest.raises(BlockedJudgeError):
        submit(hall, 1, project, 80, 80)


@on_each
def test_a_sheet_is_handed_in_once_and_the_database_itself_refuses_every_change(
    hall: Hall, review: Activity
) -> None:
    (project,) = add(hall, review, 1)
    sheet = submit(hall, 0, project, 80, 90)

    assert sheet.total == 40 * 80 + 60 * 90
    with pytest.raises(SheetFrozenError):
        submit(hall, 0, project, 81, 90)
    for statement in (
        update(ScoreSheet.__table__).values(total=1),
        text("DELETE FROM score_sheets"),
    ):
        with unscoped(), hall.store.engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(statement)
    (kept,) = hall.rows(ScoreSheet)
    assert kept.total == 40 * 80 + 60 * 90


@pytest.mark.parametrize("marks", [(80,), (80, 101), (-1, 80)])
def test_a_sheet_without_a_mark_for_each_criterion_is_refused(
    hall: Hall, review: Activity, marks
) -> None:
    (project,) = add(hall, review, 1)
    with pytest.raises(InvalidInputError):
        submit(hall, 0, project, *marks)


def test_nobody_marks_before_the_start_nor_who_does_not_judge(hall: Hall, review: Activity) -> None:
    (project,) = add(hall, review, 1)
    with pytest.raises(NotBegunError):
        hall.store.execute(hall.mentor_of(0), activities.submit_sheet, project.id, (80, 80))
    stranger = a_mentor(hall.store, an_expert(hall.store, name="何伟"))
    # He may not even know what is judged there.
    with pytest.raises(NotFoundError):
        hall.store.execute(stranger, activities.submit_sheet, project.id, (80, 80))
    with pytest.raises((NotJudgeError, NotFoundError)):
        hall.store.execute(hall.founder(), activities.recuse, project.id)


def test_who_stands_aside_by_his_own_word_leaves_the_mean_to_the_others(
    hall: Hall, review: Activity
) -> None:
    (project,) = add(hall, review, 1)
    for judge, mark in enumerate((90, 20, 70)):
        submit(hall, judge, project, mark, mark)
    hall.store.execute(hall.mentor_of(1), activities.recuse, project.id)

    (ranked,) = publish(hall, review)
    assert (ranked.score, ranked.place) == (8000, 1)


def test_equal_means_share_a_place_and_the_next_place_is_left_out(
    hall: Hall, review: Activity
) -> None:
    projects = add(hall, review, 1, 2, 3)
    for project, mark in zip(projects, (70, 90, 70), strict=True):
        for judge in range(3):
            submit(hall, judge, project, mark, mark)

    assert [project.place for project in publish(hall, review)] == [2, 1, 2]


def test_the_ranking_waits_for_every_sheet_of_a_judge_who_is_there(
    hall: Hall, review: Activity
) -> None:
    projects = add(hall, review, 1, 2)
    for project in projects:
        submit(hall, 0, project, 80, 80)
    submit(hall, 1, projects[0], 80, 80)

    with pytest.raises(SheetsMissingError) as refused:
        publish(hall, review, 2)
    assert refused.value.facts == {"missing": 1}
    submit(hall, 1, projects[1], 60, 60)
    assert [project.score for project in publish(hall, review, 2)] == [8000, 7000]


def test_a_judge_who_handed_in_a_sheet_was_there(hall: Hall, review: Activity) -> None:
    (project,) = add(hall, review, 1)
    submit(hall, 0, project, 80, 80)
    with pytest.raises(InvalidInputError):
        publish(hall, review, 0, 1)


def test_after_the_ranking_nothing_that_bears_on_it_changes(hall: Hall, review: Activity) -> None:
    (project,) = add(hall, review, 1)
    submit(hall, 0, project, 80, 80)
    publish(hall, review, 1, 2)

    for actor, act, *facts in (
        (hall.mentor_of(1), activities.submit_sheet, project.id, (10, 10)),
        (hall.mentor_of(0), activities.recuse, project.id),
        (hall.officer, activities.drop_project, project.id),
        (hall.officer, activities.publish, review.id),
    ):
        with pytest.raises(ScoringOverError):
            hall.store.execute(actor, act, *facts)


def test_criteria_and_judges_stay_once_a_sheet_is_in(hall: Hall, review: Activity) -> None:
    (project,) = add(hall, review, 1)
    submit(hall, 0, project, 80, 80)
    hall.clock.put(at("09-10 09:00"))
    without_first = hall.review_plan(BEGINS, experts=(hall.experts[1].id,))

    with pytest.raises(SheetFrozenError):
        hall.store.execute(hall.officer, activities.change, review.id, without_first)
    with pytest.raises(SheetFrozenError):
        hall.store.execute(hall.officer, activities.drop_project, project.id)


def test_a_review_counts_apart_with_its_projects_and_without_the_minutes_stood_aside(
    hall: Hall, review: Activity
) -> None:
    tied = hall.venture(1)
    an_interest(hall, 1, tied)
    projects = [
        hall.store.execute(hall.officer, activities.add_project, review.id, venture.id)
        for venture in (tied, hall.venture(2))
    ]
    for judge in range(2):
        for project in projects:
            if (judge, project) != (1, projects[0]):
                submit(hall, judge, project, 80, 80)
    with pytest.raises(NotPublishedError):
        hall.close(review)
    publish(hall, review, 2)

    decision = hall.decision(hall.close(review))

    assert (decision.status, decision.column, decision.review_projects) == (
        "counted_apart", "review", 2,
    )  # fmt: skip
    assert dict(decision.expert_minutes) == {
        str(hall.experts[0].id): 180, str(hall.experts[1].id): 165,
    }  # fmt: skip
    assert decision.person_ids == ()
    assert hall.rows(Outcome)[0].confirmation_kind is ConfirmationKind.PAPER_SIGNATURE


def test_a_project_from_which_all_stood_aside_has_no_place_and_is_not_counted(
    hall: Hall, review: Activity
) -> None:
    first, second = add(hall, review, 1, 2)
    for judge in range(3):
        submit(hall, judge, first, 80, 80)
        hall.store.execute(hall.mentor_of(judge), activities.recuse, second.id)

    assert [project.place for project in publish(hall, review)] == [1, None]
    assert hall.decision(hall.close(review)).review_projects == 1


def test_a_trimmed_mean_leaves_out_the_extremes(hall: Hall) -> None:
    hall.experts.append(an_expert(hall.store, name="何伟"))
    plan = hall.review_plan(
        BEGINS, mean=MeanKind.TRIMMED, experts=tuple(expert.id for expert in hall.experts)
    )
    review = hall.store.execute(hall.officer, activities.announce, plan)
    (project,) = add(hall, review, 1)
    for judge, mark in enumerate((100, 0, 70, 80)):
        submit(hall, judge, project, mark, mark)

    assert [row.score for row in publish(hall, review)] == [7500]
