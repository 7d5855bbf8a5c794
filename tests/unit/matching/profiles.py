"""Profiles that are valid by default, one override per test, and the small collection."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from matching import ExpertProfile, Matcher, NeedProfile
from matching.evaluate import Collection, read_collection

DATA = Path(__file__).parent / "data"


def a_need(text: str = "想注册公司，经营范围怎么写", **given: Any) -> NeedProfile:
    return NeedProfile(given.pop("need_id", "N1"), text, **given)


def an_expert(expert_id: str = "E1", **given: Any) -> ExpertProfile:
    facts: dict[str, Any] = {
        "category": "official",
        "name": "蒲令仪",
        "organisation": "区市场监管服务中心",
        "title": "登记指导科科长",
        "bio": "负责企业开办，解答经营范围和住所申报。",
        "expertise": ("设立登记", "简易注销"),
        "industries": ("餐饮业",),
    }
    return ExpertProfile(expert_id, **(facts | given))


def a_bare_expert(expert_id: str = "E9", category: str = "scholar") -> ExpertProfile:
    return ExpertProfile(expert_id, category)


@cache
def collection() -> Collection:
    return read_collection(DATA, "full")


def a_matcher() -> Matcher:
    return Matcher().fit(collection().experts)


def all_said() -> str:
    """Return what a matcher says of every need of the collection, and what it is made of."""
    matcher = a_matcher()
    ranked = [matcher.rank(need) for need in collection().needs]
    return f"{ranked} {matcher.version_} {hashlib.sha256(matcher.to_bytes()).hexdigest()}"
