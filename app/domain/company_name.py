"""Whether names people write stand for one company."""

import re
import unicodedata

_LEGAL_FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")
_PLACE = re.compile(r"^(山东省?|济南市?|历城区?)+(?=.{2})")
_TRADE = re.compile(
    r"(.{2,}?)((信息|网络|智能|生物|农业|电子)?科技|信息技术|网络|软件|商贸|贸易|工贸|电子商务"
    r"|(文化)?传媒|文化|(餐饮|企业)?管理|(管理)?咨询|餐饮|服务|实业|集团|农业)$"
)
_NOT_IN_NAME = re.compile(r"[\W_]+")


def is_same_name(one: str, other: str) -> bool:
    """Tell whether two names are one in full, so that 芯感微电子有限公司 is 芯感微电子."""
    return bool(_plain(one)) and _plain(one) == _plain(other)


def may_be_one(one: str, other: str) -> bool:
    """Tell whether a name is the other in full or in short, as 芯谷 is for 济南芯谷科技."""
    names = _plain(one), _plain(other)
    if not all(names):
        return False
    return names[0] in (names[1], _short(names[1])) or names[1] == _short(names[0])


def _plain(name: str) -> str:
    folded = _NOT_IN_NAME.sub("", unicodedata.normalize("NFKC", name).casefold())
    return _LEGAL_FORM.sub("", folded)


def _short(name: str) -> str:
    return _PLACE.sub("", _TRADE.sub(r"\1", name))
