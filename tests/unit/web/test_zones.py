import pytest
from flask import Flask
from flask_babel import Babel

from app.web.shared.zones import own_time, zone_choices, zone_name
from tests.moments import at


@pytest.fixture(autouse=True)
def chinese():
    app = Flask(__name__)
    Babel(app, default_locale="zh")
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Shanghai", ""),
        ("Asia/Kolkata", "您当地 9月18日 周五 06:30–07:20（印度时间）"),
        ("America/Los_Angeles", "您当地 9月17日 周四 18:00–18:50（洛杉矶时间）"),
        ("Asia/Kathmandu", "您当地 9月18日 周五 06:45–07:35（Asia/Kathmandu）"),
    ],
)
def test_the_readers_own_time_stands_beside_beijings_with_its_name(zone, words) -> None:
    assert own_time(at("09-18 09:00"), at("09-18 09:50"), zone, "zh") == words


def test_a_span_over_the_readers_midnight_names_both_days() -> None:
    said = own_time(at("09-18 11:30"), at("09-18 12:20"), "Pacific/Honolulu", "zh")
    assert said == "您当地 9月17日 周四 17:30–18:20（Pacific/Honolulu）"
    said = own_time(at("09-18 17:30"), at("09-18 18:20"), "Pacific/Honolulu", "zh")
    assert said == "您当地 9月17日 周四 23:30–9月18日 周五 00:20（Pacific/Honolulu）"


def test_a_zone_that_is_set_stays_a_choice_and_one_that_there_is_not_becomes_none() -> None:
    assert zone_choices("Asia/Kathmandu")[-1].value == "Asia/Kathmandu"
    assert "Mars/Base" not in [choice.value for choice in zone_choices("Mars/Base")]
    assert zone_name("Asia/Shanghai") == "北京时间"
