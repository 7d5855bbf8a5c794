import pytest

from matching import Matcher, TextEncoder, Weights
from tests.unit.matching.matcher_checks import CHECKS, Check, MakeMatcher
from tests.unit.matching.shown import an_adjustment

MAKERS: dict[str, MakeMatcher] = {
    "default": Matcher,
    "text_alone": lambda: Matcher(Weights(text=1.0, concept=0, likely=0, industry=0, stage=0)),
    "taught": lambda: Matcher(learned=an_adjustment()),
    "enriched": lambda: Matcher(encoder=TextEncoder(n_features=4096, min_background=5)),
}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_matcher_passes(check: Check, maker: str) -> None:
    check(MAKERS[maker])
