from app.domain.expert import ExpertCategory
from tests.builders import a_mentor, an_expert, staff

GENERAL = "不代表审批意见"


def test_both_sides_and_the_printed_record_tell_how_far_an_official_speaks(
    road, client, sign_in
) -> None:
    road.expert = an_expert(road.store, name="张敏", category=ExpertCategory.OFFICIAL)
    road.mentor = a_mentor(road.store, road.expert)
    session = road.finished("09-18 14:00")
    report, record = f"/mentor/sessions/{session.id}/report", f"/bureau/sessions/{session.id}"

    for who, paths in (
        (road.mentor, [report]),
        (road.founder, [f"/bookings/{session.booking_id}", f"/sessions/{session.id}/confirm"]),
        (staff(road.store), [record, f"/meetings/{session.id}/record"]),
    ):
        sign_in(client, who)
        for path in paths:
            assert GENERAL in client.get(path).get_data(as_text=True), path


def test_the_report_of_another_expert_says_nothing_of_it(road, visit) -> None:
    session = road.finished("09-18 14:00")
    assert GENERAL not in visit.get(f"/mentor/sessions/{session.id}/report")
