"""Tell whether names and registration codes stand for one venture."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_COMPANY_ENDING = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")
_PLACE = re.compile(r"^(山东省?|济南市?|历城区?)+(?=.{2})")
_TRADE = re.compile(
    r"(.{2,}?)((信息|网络|智能|生物|农业|电子)?科技|信息技术|网络|软件|商贸|贸易|工贸|电子商务"
    r"|(文化)?传媒|文化|(餐饮|企业)?管理|(管理)?咨询|餐饮|服务|实业|集团|农业)$"
)
_NOT_IN_NAME = re.compile(r"[\W_]+")


@lru_cache(maxsize=65_536)
def bare(name: str) -> str:
    """Fold a name or a code, so that 芯谷（有限公司） and 芯谷 are one."""
    folded = _NOT_IN_NAME.sub("", unicodedata.normalize("NFKC", name).casefold())
    return _COMPANY_ENDING.sub("", folded)


def are_one(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Answer whether a name of one list is also in the other, in full or in people's short form."""
    mine = set(map(bare, ours))
    if not mine:
        return False
    others = set(map(bare, theirs))
    shared = (mine & (others | _short(others))) | (others & _short(mine))
    return bool(shared - {""})


def _short(names: set[str]) -> set[str]:
    """Drop place and trade, so that people's 芯谷 is found in 济南芯谷科技 as well."""
    return {_PLACE.sub("", _TRADE.sub(r"\1", name)) for name in names}
