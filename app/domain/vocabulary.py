"""Words of the controlled vocabularies as people write them, led to their codes."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Words in use that are no label of a term. 妇女, 科技人才 and 个体工商户 are no priority groups.
ALIASES: Mapping[str, Mapping[str, str]] = {
    "venture_stage": {"mature": "growth", "成熟期": "growth"},
    "area": {"区外": "outside", "未定": "outside"},
    "founder_group": {
        "登记失业人员": "registered_unemployed",
        "留学归国人员": "overseas_returnee",
        "返乡农民工": "returning_migrant",
        "大学生": "college_student",
        "个体工商户": "general",
        "民营企业主": "general",
        "妇女": "general",
        "科技人才": "general",
    },
    "entity_type": {"未注册": "team", "团队": "team", "农民合作社": "coop"},
}
# Lists of the code itself, kept in no table.
FIXED: Mapping[str, Mapping[str, str]] = {
    "mode": {
        "onsite": "onsite",
        "当面": "onsite",
        "当面谈": "onsite",
        "现场": "onsite",
        "线下": "onsite",
        "online": "online",
        "视频": "online",
        "线上": "online",
        "phone": "phone",
        "电话": "phone",
    },
    "language": {"zh": "zh", "中文": "zh", "汉语": "zh", "en": "en", "英文": "en", "英语": "en"},
}
_STREET_ENDING = "街道"


@dataclass(frozen=True, slots=True)
class Label:
    """A term's code and its label in both languages."""

    vocabulary: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Words:
    """Every word that stands for a term, by vocabulary."""

    codes: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, labels: Iterable[Label]) -> "Words":
        """Build from the terms in use; codes and labels lead to the code."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for label in labels:
            known = found[label.vocabulary]
            for word in (label.code, label.zh, label.en, label.zh.removesuffix(_STREET_ENDING)):
                known.setdefault(fold(word), label.code)
        for vocabulary, aliases in ALIASES.items():
            codes = set(found[vocabulary].values())
            for word, code in aliases.items():
                if code in codes:
                    found[vocabulary].setdefault(fold(word), code)
        for vocabulary, words in FIXED.items():
            found[vocabulary] = {fold(word): code for word, code in words.items()}
        return cls(found)

    def code_of(self, vocabulary: str, word: str) -> str | None:
        """Return the code a word stands for, None when the vocabulary lacks it."""
        return self.codes.get(vocabulary, {}).get(fold(word))


def fold(text: str) -> str:
    """Return a text as it is compared: one width, one case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_plain(text: str) -> bool:
    """Tell whether a text can be stored and shown: no control marks, no lone surrogates."""
    return not any(
        unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\n\t" for mark in text
    )
