"""Tell in which language a founder wants to talk."""

from functools import lru_cache

from matching.text import normalise, runs
from matching.types import NeedProfile


def need_language(need: NeedProfile) -> str:
    """Return the language stated, else that of the text; empty when it holds no word."""
    return need.language or _written(need.text)


@lru_cache(maxsize=512)
def _written(text: str) -> str:
    """Tell the language of a text; the rules ask it for one need and every expert."""
    written = list(runs(normalise(text)))
    if not written:
        return ""
    # Who writes Chinese sprinkles it with English names; the other way round is rare.
    return "zh" if any(run.is_chinese for run in written) else "en"
