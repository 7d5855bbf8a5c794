import pytest

from app.domain.dispute import ensure_absence_ruling, ensure_ruling
from app.domain.errors import InvalidInputError
from app.domain.service_record import Ruling


@pytest.mark.parametrize("ruling", list(Ruling))
@pytest.mark.parametrize("is_no_show", [True, False])
@pytest.mark.parametrize("has_times", [True, False])
def test_a_ruling_fits_its_dispute_and_has_times_only_where_a_no_show_was_delivered(
    ruling: Ruling, is_no_show: bool, has_times: bool
) -> None:
    needs_times = is_no_show and ruling is Ruling.DELIVERED
    fits = is_no_show or ruling is not Ruling.EXCUSED
    if fits and needs_times == has_times:
        ensure_ruling(ruling, is_no_show=is_no_show, has_times=has_times)
        return
    with pytest.raises(InvalidInputError) as refused:
        ensure_ruling(ruling, is_no_show=is_no_show, has_times=has_times)
    assert refused.value.errors[0].field == ("actual_start" if fits else "ruling")


@pytest.mark.parametrize("ruling", list(Ruling))
def test_on_one_experts_absence_it_is_ruled_that_he_was_missing_excused_or_there(ruling) -> None:
    if ruling in (Ruling.NO_SHOW_MENTOR, Ruling.EXCUSED, Ruling.DELIVERED):
        ensure_absence_ruling(ruling, has_times=False)
        with pytest.raises(InvalidInputError):
            ensure_absence_ruling(ruling, has_times=True)
        return
    with pytest.raises(InvalidInputError):
        ensure_absence_ruling(ruling, has_times=False)
