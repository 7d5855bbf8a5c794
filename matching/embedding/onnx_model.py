"""Run an ONNX model with its tokenizer; imported only where such a model is configured."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from matching.embedding.loading import ModelError, onnx_file

Singles = NDArray[np.float32]
Integers = NDArray[np.int64]

_BATCH = 32
_LONGEST = 512
_SENTENCE = "sentence_embedding"
_FLAT = 2
_ANY_TEXT = "1"
# What sentence-transformers calls the ways from tokens to a sentence, and those known here.
_POOLINGS: Mapping[str, Callable[[Singles], Singles]] = {
    "pooling_mode_cls_token": lambda tokens: tokens[:, 0],
    "pooling_mode_mean_tokens": lambda tokens: tokens.mean(axis=1),
    "pooling_mode_max_tokens": lambda tokens: tokens.max(axis=1),
}
_INPUTS: Mapping[str, Callable[[Encoding], list[int]]] = {
    "input_ids": lambda encoding: encoding.ids,
    "attention_mask": lambda encoding: encoding.attention_mask,
    "token_type_ids": lambda encoding: encoding.type_ids,
}


class OnnxModel:
    """Embed texts by an ONNX model, on the processor.

    Texts of one length go through the model together, so that no text is padded: what comes
    out of one does not depend on the others.
    """

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, pooling: str
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._pooled = _POOLINGS[pooling]
        self._inputs = [each.name for each in session.get_inputs()]
        names = [each.name for each in session.get_outputs()]
        self._output = _SENTENCE if _SENTENCE in names else names[0]
        self.width = int(self._run(tokenizer.encode_batch([_ANY_TEXT])).shape[1])

    def embed(self, texts: Sequence[str]) -> Singles:
        """Return an array (len(texts), width); a text without tokens is a zero row."""
        encodings = self._tokenizer.encode_batch(list(texts))
        by_length: dict[int, list[int]] = defaultdict(list)
        for place, encoding in enumerate(encodings):
            by_length[len(encoding)].append(place)
        by_length.pop(0, None)
        rows = np.zeros((len(texts), self.width), dtype=np.float32)
        for places in by_length.values():
            for at in range(0, len(places), _BATCH):
                some = places[at : at + _BATCH]
                rows[some] = self._run([encodings[place] for place in some])
        return rows

    def _run(self, encodings: Sequence[Encoding]) -> Singles:
        given: dict[str, Integers] = {
            name: np.array([_INPUTS[name](each) for each in encodings], dtype=np.int64)
            for name in self._inputs
        }
        (found,) = self._session.run([self._output], given)
        # Tokens are (texts, tokens, width), sentences (texts, width).
        return np.asarray(found if found.ndim == _FLAT else self._pooled(found), dtype=np.float32)


def load(folder: Path) -> OnnxModel:
    """Return the model of a folder.

    Raises:
        ModelError: a file of it cannot be read, or asks for what is not known here.
    """
    try:
        session = onnxruntime.InferenceSession(
            str(onnx_file(folder)), providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # both packages raise their own kinds, some of them plain
        raise ModelError(f"the model in {str(folder)!r} cannot be read: {error}") from error
    unknown = {each.name for each in session.get_inputs()} - set(_INPUTS)
    if unknown:
        raise ModelError(f"the model in {str(folder)!r} asks for {', '.join(sorted(unknown))}")
    tokenizer.no_padding()
    tokenizer.enable_truncation(_longest(folder, tokenizer))
    return OnnxModel(session, tokenizer, _pooling(folder))


def _longest(folder: Path, tokenizer: Tokenizer) -> int:
    stated = _read(folder / "sentence_bert_config.json").get("max_seq_length")
    return int(stated or (tokenizer.truncation or {}).get("max_length") or _LONGEST)


def _pooling(folder: Path) -> str:
    stated = _read(folder / "1_Pooling" / "config.json") or {"pooling_mode_mean_tokens": True}
    modes = [
        name for name, is_on in stated.items() if name.startswith("pooling_mode") and is_on is True
    ]
    if len(modes) != 1 or modes[0] not in _POOLINGS:
        raise ModelError(f"the model in {str(folder)!r} pools by {', '.join(modes) or 'nothing'}")
    return modes[0]


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
