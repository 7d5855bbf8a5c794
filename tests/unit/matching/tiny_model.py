"""A sentence-embedding model of a few characters, written by the tests themselves.

Characters of one matter point one way, so that 没钱 and 贷款 meet although they share no
character. The ONNX file is put together byte by byte (onnx.proto3): one Gather over a table.
"""

import json
import struct
from collections.abc import Sequence
from pathlib import Path

MATTERS = ("没钱缺本贷款资金", "虫病害叶蔫棚", "执照注册登记开办")
WIDTH = len(MATTERS) + 1
PADDING, UNKNOWN = "[PAD]", "[UNK]"
VOCABULARY = [PADDING, UNKNOWN, *"".join(MATTERS)]
_INT64, _FLOAT = 7, 1


def rows() -> list[list[float]]:
    """Return the row of each token: its matter, and a little that all share."""
    return [
        [float(token in matter) for matter in MATTERS] + [0.0 if token == PADDING else 0.25]
        for token in VOCABULARY
    ]


def write_onnx_model(
    folder: Path,
    *,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    output: str = "last_hidden_state",
    pooling: dict[str, bool] | None = None,
    longest: int | None = None,
) -> Path:
    """Write the model with tokenizer.json, and the files that say how to pool and cut."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(_model(inputs, output))
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer()), encoding="utf-8")
    if pooling is not None:
        (folder / "1_Pooling").mkdir(exist_ok=True)
        (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    if longest is not None:
        (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": longest}))
    return folder


def _tokenizer() -> dict[str, object]:
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": "."},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {token: place for place, token in enumerate(VOCABULARY)},
            "unk_token": UNKNOWN,
        },
    }


def _model(inputs: Sequence[str], output: str) -> bytes:
    node = _text(1, "table") + _text(1, "input_ids") + _text(2, output) + _text(4, "Gather")
    if output == "sentence_embedding":
        # The model pools by itself: the mean over the tokens.
        axes = _text(1, "axes") + _number(8, 1) + _number(20, 7)
        keep = _text(1, "keepdims") + _number(3, 0) + _number(20, 2)
        mean = _text(1, "tokens") + _text(2, output) + _text(4, "ReduceMean")
        node = _text(1, "table") + _text(1, "input_ids") + _text(2, "tokens") + _text(4, "Gather")
        nodes = _piece(1, node) + _piece(1, mean + _piece(5, axes) + _piece(5, keep))
        shape: tuple[int | str, ...] = ("texts", WIDTH)
    else:
        nodes, shape = _piece(1, node), ("texts", "tokens", WIDTH)
    table = [value for row in rows() for value in row]
    weights = (
        _number(1, len(VOCABULARY))
        + _number(1, WIDTH)
        + _number(2, _FLOAT)
        + _text(8, "table")
        + _piece(9, struct.pack(f"<{len(table)}f", *table))
    )
    given = b"".join(_piece(11, _value(name, _INT64, ("texts", "tokens"))) for name in inputs)
    graph = (
        nodes
        + _text(2, "tiny")
        + _piece(5, weights)
        + given
        + _piece(12, _value(output, _FLOAT, shape))
    )
    return _number(1, 8) + _piece(7, graph) + _piece(8, _number(2, 13))


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    dimensions = b"".join(
        _piece(1, _text(2, each) if isinstance(each, str) else _number(1, each)) for each in shape
    )
    return _text(1, name) + _piece(2, _piece(1, _number(1, kind) + _piece(2, dimensions)))


def _text(field: int, text: str) -> bytes:
    return _piece(field, text.encode())


def _piece(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _number(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])
