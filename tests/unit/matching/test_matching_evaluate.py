import json
import math
import os
import shutil
from pathlib import Path

import pytest

from matching import Matcher, Weights, evaluate_folder
from matching.evaluate import (
    baseline_rankings,
    facet_coverage3,
    hit3,
    interval,
    mrr,
    ndcg10,
    p1,
    rankings,
    read_collection,
    recall10,
)
from tests.unit.matching.profiles import DATA, a_matcher, collection

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("JIEBAN_COLLECTION", ROOT.parent / "shared" / "collection"))
GRADES = {"A": 3, "B": 2, "C": 1}


def test_ndcg_of_the_ideal_order_is_one() -> None:
    assert ndcg10(["A", "B", "C", "D"], GRADES) == 1.0


def test_ndcg_discounts_gains_by_the_logarithm_of_the_rank() -> None:
    found = 7 / math.log2(3) + 1 / math.log2(4)
    ideal = 7 + 3 / math.log2(3) + 1 / math.log2(4)
    assert ndcg10(["D", "A", "C"], GRADES) == pytest.approx(found / ideal)


def test_ndcg_looks_at_ten_and_is_zero_without_relevant_experts() -> None:
    assert ndcg10([*"abcdefghij", "A"], GRADES) == 0.0
    assert ndcg10(["A"], {}) == ndcg10(["A"], {"A": 0}) == 0.0


def test_mrr_counts_to_the_first_helpful_expert() -> None:
    assert mrr(["C", "D", "B", "A"], GRADES) == pytest.approx(1 / 3)
    assert mrr(["C"], GRADES) == 0.0


def test_hits_and_recall_count_helpful_experts() -> None:
    assert (p1(["B"], GRADES), p1(["C", "A"], GRADES)) == (1.0, 0.0)
    assert (hit3([*"CDA"], GRADES), hit3([*"CDEA"], GRADES)) == (1.0, 0.0)
    assert (recall10(["A", "C"], GRADES), recall10(["A"], {"C": 1})) == (0.5, 0.0)


def test_coverage_is_the_share_of_facets_the_first_three_cover() -> None:
    facets = [frozenset("AB"), frozenset("C"), frozenset("D")]
    assert facet_coverage3([*"BXCD"], facets) == pytest.approx(2 / 3)


def test_an_interval_holds_the_mean_and_is_the_same_for_the_same_seed() -> None:
    values = [0.0, 0.5, 1.0, 1.0]
    low, high = interval(values, seed=3) or (1.0, 0.0)
    assert low < sum(values) / 4 < high
    assert interval(values, seed=3) == [low, high]
    assert interval([0.25] * 3, seed=0) == [0.25, 0.25]
    assert interval([], seed=0) is None


def test_the_golden_rankings_hold() -> None:
    golden = json.loads((DATA / "golden.json").read_text("utf-8"))
    matcher = a_matcher()
    found = {
        need.need_id: [[each.expert_id, each.score] for each in matcher.rank(need, k=3)]
        for need in collection().needs
    }
    assert found == golden


def test_a_folder_is_measured_with_an_interval_for_each_measure() -> None:
    found = evaluate_folder(DATA)
    assert found["experts"] == 10
    assert found["needs"] == 6
    assert found["p1"] == 1.0
    assert found["facet_coverage3"] == 1.0
    low, high = found["intervals"]["ndcg10"]
    assert low <= found["ndcg10"] <= high
    assert found["gain"]["mrr"] == pytest.approx(found["mrr"] - found["baseline"]["mrr"])
    low, high = found["gain_intervals"]["ndcg10"]
    assert low <= found["gain"]["ndcg10"] <= high
    assert json.loads(json.dumps(found)) == found


def test_another_matcher_is_measured_by_the_same_means() -> None:
    blind = Matcher(Weights(text=0, concept=0, likely=0, industry=0, stage=1))
    assert evaluate_folder(DATA, matcher=blind)["ndcg10"] < evaluate_folder(DATA)["ndcg10"]


def test_the_baseline_ranks_by_shared_characters_alone() -> None:
    (first, *_) = baseline_rankings(collection())
    assert sorted(first) == [each.expert_id for each in collection().experts]
    assert baseline_rankings(collection())[1][0] == "X02"


def test_with_fields_text_only_the_words_are_seen() -> None:
    bare = read_collection(DATA, "text").needs[3]
    full = read_collection(DATA, "full").needs[3]
    assert (bare.industry, bare.venture_name, bare.modes) == ("", "", ())
    assert (full.industry, full.venture_name, full.modes) == ("餐饮业", "三姐面馆", ("onsite",))
    assert evaluate_folder(DATA, "text")["fields"] == "text"


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown fields 'all'"):
        evaluate_folder(DATA, "all")  # type: ignore[arg-type]


def test_needs_without_judgements_or_facets_are_measured_all_the_same(tmp_path: Path) -> None:
    folder = shutil.copytree(DATA, tmp_path / "collection")
    (folder / "qrels.tsv").write_text("\n", "utf-8")
    (folder / "facets.json").write_text("{}", "utf-8")
    found = evaluate_folder(folder)
    assert found["ndcg10"] == 0.0
    assert found["facet_coverage3"] is None
    assert found["intervals"]["facet_coverage3"] is None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("experts.jsonl", '\n{"id": "E1"}', r"experts.jsonl, line 2: KeyError\('category'\)"),
        ("experts.jsonl", "{", "experts.jsonl, line 1: JSONDecodeError"),
        ("needs.jsonl", "[]", "needs.jsonl, line 1: TypeError"),
        ("qrels.tsv", "Q1\tX01\t3\nQ1\tX02", "qrels.tsv, line 2: not enough values"),
        ("qrels.tsv", "Q1\tX01\thigh", "qrels.tsv, line 1: invalid literal"),
    ],
)
def test_a_faulty_row_is_refused_by_file_and_line(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    folder = shutil.copytree(DATA, tmp_path / "collection")
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(ValueError, match=message):
        evaluate_folder(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"facets\.json"):
        evaluate_folder(tmp_path)


def test_rankings_hold_the_whole_pool_best_first() -> None:
    matcher = a_matcher()
    (first, *_) = rankings(matcher, collection().needs)
    assert first == [each.expert_id for each in matcher.rank(collection().needs[0], k=10)]


@pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"NO COLLECTION at {SHARED}: set JIEBAN_COLLECTION to measure"
)
def test_the_shared_collection_is_ranked_well_enough() -> None:
    full = evaluate_folder(SHARED, "full")
    text = evaluate_folder(SHARED, "text")
    assert full["ndcg10"] >= 0.80
    assert full["ndcg10"] > text["ndcg10"] >= 0.75
