from datetime import date, timedelta

import numpy as np

from benchmarks.threshold import fitted, samples, told_apart
from matching import ExpertProfile, Matcher, NeedProfile
from matching.lexicon import concepts
from matching.scorer import measured
from tests.unit.matching.profiles import DATA, a_matcher, a_need, an_expert

TODAY = date(2026, 9, 16)
LOAN = a_need("想申请创业担保贷款，听说有贴息，没有房子抵押，要不要找人担保？")
FLORIST = an_expert(
    "E1",
    category="scholar",
    organisation="某农业院校",
    title="教授",
    bio="长期研究花卉育种与切花保鲜。",
    expertise=("花卉育种",),
    industries=("现代农业",),
)
LENDER = an_expert(
    "E2",
    organisation="创业担保贷款中心",
    title="信贷主管",
    bio="办理创业担保贷款申请与贴息审核，解答反担保与担保人要求。",
    expertise=("创业担保贷款贴息", "反担保"),
    industries=(),
)


def matcher(*experts: ExpertProfile) -> Matcher:
    return a_matcher().replace(experts)


def test_a_good_match_leaves_nothing_lacking() -> None:
    shortlist = matcher(FLORIST, LENDER).propose(LOAN, today=TODAY)
    assert shortlist.candidates[0].expert_id == "E2"
    assert shortlist.lack is None


def test_without_a_good_match_the_list_says_what_is_missing_in_the_bureaus_words() -> None:
    shortlist = matcher(FLORIST).propose(LOAN, today=TODAY)

    lack = shortlist.lack
    assert lack is not None
    assert lack.best_score == shortlist.candidates[0].score < lack.least_score
    assert lack.least_score == measured().least_score
    missing = lack.missing[0]
    assert missing.topic == "guaranteed_loan"
    assert missing.evidence in LOAN.text
    named = next(each for each in concepts() if each.code == missing.concept)
    assert (missing.label, missing.label_en) == (named.zh, named.en)
    assert missing.categories == named.categories
    assert lack.kept_out == ()


def test_an_empty_pool_lacks_everything() -> None:
    lack = matcher().propose(LOAN, today=TODAY).lack
    assert lack is not None
    assert lack.best_score == 0.0
    assert [each.topic for each in lack.missing] == ["guaranteed_loan"]


def test_those_whom_a_rule_keeps_out_though_they_fit_are_counted_by_rule() -> None:
    paused = an_expert(
        "E3", bio=LENDER.bio, expertise=LENDER.expertise, is_paused=True, open_load=2, capacity=2
    )
    gone = an_expert(
        "E4", bio=LENDER.bio, expertise=LENDER.expertise, term_until_on=TODAY - timedelta(days=1)
    )
    idle = an_expert("E5", bio="种花。", expertise=(), organisation="", title="", is_paused=True)

    lack = matcher(FLORIST, paused, gone, idle).propose(LOAN, today=TODAY).lack

    assert lack is not None
    assert lack.kept_out == (
        ("capacity_reached", 1),
        ("mentor_out_of_term", 1),
        ("mentor_paused", 1),
    )


def test_a_matter_that_somebody_has_for_a_main_one_is_not_missing() -> None:
    need = a_need("想申请创业担保贷款贴息，还想知道切花怎么保鲜。")
    lack = Matcher(least_score=9.0).fit([FLORIST]).propose(need, today=TODAY).lack
    assert lack is not None
    assert "agritech" not in {each.topic for each in lack.missing}
    assert "guaranteed_loan" in {each.topic for each in lack.missing}


def test_where_every_matter_is_touched_the_main_one_is_named() -> None:
    lack = Matcher(least_score=9.0).fit([FLORIST, LENDER]).propose(LOAN, today=TODAY).lack
    assert lack is not None
    assert [each.topic for each in lack.missing] == ["guaranteed_loan"]


def test_an_added_topic_without_a_word_of_it_is_missing_by_its_code_alone() -> None:
    need = a_need("你们好，想问点事情", topics=("foreign_trade",))
    lack = matcher(FLORIST).propose(need, today=TODAY).lack
    assert lack is not None
    (missing,) = lack.missing
    assert (missing.topic, missing.concept, missing.label) == ("foreign_trade", "", "")
    assert missing.categories == ("entrepreneur", "official")


def test_a_struck_or_unknown_topic_is_not_missing() -> None:
    need = a_need(LOAN.text, topics=("unheard_of",), struck=("guaranteed_loan",))
    lack = matcher(FLORIST).propose(need, today=TODAY).lack
    assert lack is not None
    assert {"guaranteed_loan", "unheard_of"}.isdisjoint(each.topic for each in lack.missing)


def test_a_need_of_which_nothing_is_understood_lacks_without_a_name() -> None:
    lack = matcher(LENDER).propose(NeedProfile("N1", "您好！"), today=TODAY).lack
    assert lack is not None
    assert lack.missing == ()


def test_the_size_of_the_list_does_not_change_whether_it_is_good() -> None:
    assert matcher(LENDER).propose(LOAN, 0, today=TODAY).lack is None
    assert matcher(FLORIST).propose(LOAN, 0, today=TODAY).lack is not None


def test_the_least_score_can_be_given_and_changes_no_score() -> None:
    strict = Matcher(least_score=9.0).fit([LENDER])
    default = Matcher().fit([LENDER])
    assert strict.propose(LOAN, today=TODAY).lack is not None
    assert default.propose(LOAN, today=TODAY).lack is None
    assert np.array_equal(strict.scores([LOAN]), default.scores([LOAN]))
    assert strict.version_ == default.version_


def test_the_threshold_is_the_highest_that_misses_one_good_match_in_twenty() -> None:
    good = np.linspace(0.305, 0.495, 20)
    least = fitted(good)
    assert least == 0.31
    assert (good < least).mean() == 0.05


def test_a_good_sample_has_the_whole_pool_and_a_bad_one_no_helpful_expert() -> None:
    by_words, by_all_fields = samples(DATA)
    assert (by_words.good >= by_words.bad).all()
    assert (by_words.good > by_words.bad).any()
    assert by_all_fields.good.mean() > by_words.good.mean()
    assert told_apart(by_words.good, by_words.bad) > 0.5
