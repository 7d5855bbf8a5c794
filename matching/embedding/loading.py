"""Load a sentence-embedding model from a folder; nothing is ever downloaded."""

import os
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

# For the packages that would otherwise ask a hub about newer files, or report use.
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
_REQUIREMENTS = "matching/requirements-embedding.txt"
_PIECE = 2**20


class ModelError(ValueError):
    """Refuse a folder from which no model can be loaded here."""


class SentenceModel(Protocol):
    """Turn texts into dense rows."""

    width: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array (len(texts), width)."""


class _Reader(Protocol):
    """A module that reads one kind of folder."""

    def load(self, folder: Path) -> SentenceModel:
        """Return the model of a folder."""


@cache
def load_model(folder: str) -> SentenceModel:
    """Return the model of a folder, one for the whole process.

    A folder with an ONNX model and tokenizer.json is read by onnxruntime, one with
    modules.json by sentence-transformers.

    Raises:
        ModelError: the folder is none, holds no model, or a package to read it is missing.
    """
    path = Path(folder)
    if not path.is_dir():
        raise ModelError(f"{folder!r} is no folder on this machine; models are not downloaded")
    name = _reader_of(path)
    os.environ.update(_OFFLINE)
    try:
        # The packages are large and optional: only who has configured a model needs them.
        reader = cast(_Reader, import_module(name))
    except ModuleNotFoundError as error:
        raise ModelError(
            f"to read {folder!r} the package {error.name} is needed, see {_REQUIREMENTS}"
        ) from error
    return reader.load(path)


@cache
def model_digest(folder: str) -> str:
    """Return a hash of all files of a model, by which another one is told from it."""
    digest = sha256()
    for path in sorted(each for each in Path(folder).rglob("*") if each.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()


def onnx_file(folder: Path) -> Path | None:
    """Return the ONNX model of a folder, at the places where export tools put it."""
    found = (folder / "model.onnx", folder / "onnx" / "model.onnx")
    return next((path for path in found if path.is_file()), None)


def _reader_of(folder: Path) -> str:
    if onnx_file(folder) and (folder / "tokenizer.json").is_file():
        return "matching.embedding.onnx_model"
    if (folder / "modules.json").is_file():
        return "matching.embedding.transformers_model"
    raise ModelError(
        f"{str(folder)!r} holds neither model.onnx with tokenizer.json nor modules.json"
    )
