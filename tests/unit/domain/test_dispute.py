import pytest

from app.domain.dispute import ensure_ruling
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
