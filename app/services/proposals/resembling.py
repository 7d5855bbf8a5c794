"""Texts that are close by their words, told by the same encoder that matches needs with experts."""

from collections.abc import Iterator, Sequence

from matching import TextEncoder

# Rows compared with all others at once; a block of so many takes some megabytes.
_CHUNK = 512
_NEVER = 10**9


def close_pairs(texts: Sequence[str], least: float) -> Iterator[tuple[int, int]]:
    """Yield the places of every two texts whose cosine reaches the least, the earlier one first.

    The encoder is fitted on the texts themselves, so that phrases all of them share weigh
    little; no text is drawn towards its neighbours, which would make them alike. Takes time in
    the square of the texts, in blocks.
    """
    if len(texts) < 2:
        return
    rows = TextEncoder(min_background=_NEVER).fit(texts).transform(texts)
    turned = rows.T.tocsr()
    for begin in range(0, len(texts), _CHUNK):
        cosines = (rows[begin : begin + _CHUNK] @ turned).tocoo()
        is_close = cosines.data >= least
        for first, second in zip(cosines.row[is_close] + begin, cosines.col[is_close], strict=True):
            if first < second:
                yield int(first), int(second)
