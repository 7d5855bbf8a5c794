"""Tell in which language a founder wants to talk."""

from matching.text import normalise, runs
from matching.types import NeedProfile


def need_language(need: NeedProfile) -> str:
    """Return the language stated, else that of the text; empty when it holds no word."""
    if need.language:
        return need.language
    written = list(runs(normalise(need.text)))
    if not written:
        return ""
    # Who writes Chinese sprinkles it with English names; the other way round is rare.
    return "zh" if any(run.is_chinese for run in written) else "en"
