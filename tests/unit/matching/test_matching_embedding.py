import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sklearn.base import clone

from matching import EmbeddingEncoder, ForeignStateError, Matcher, ModelError, TextEncoder
from matching.embedding import load_model
from tests.unit.matching.matcher_checks import CHECKS, Check
from tests.unit.matching.profiles import a_need, an_expert, collection
from tests.unit.matching.tiny_model import MATTERS, WIDTH, write_onnx_model

# Two checks read a state without handing in an encoder; a test below does.
OTHER_CHECKS = [check for check in CHECKS if "_state_" not in check.__name__]
CORPUS = ["创业担保贷款", "大棚病虫害", "注册登记执照"]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_onnx_model(tmp_path_factory.mktemp("model")))


@pytest.fixture
def encoder(folder: str) -> EmbeddingEncoder:
    return EmbeddingEncoder(folder, n_features=4096).fit(CORPUS)


def cosine(encoder: TextEncoder, one: str, other: str) -> float:
    rows = encoder.transform([one, other])
    return float((rows[[0]] @ rows[[1]].T).toarray()[0, 0])


def test_a_name_that_is_no_folder_is_refused_and_nothing_is_fetched() -> None:
    with pytest.raises(ModelError, match="'BAAI/bge-small-zh' is no folder on this machine"):
        load_model("BAAI/bge-small-zh")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"a model without its tokenizer")
    with pytest.raises(ModelError, match="holds neither model"):
        load_model(str(tmp_path))


@pytest.mark.parametrize(
    ("files", "package"),
    [
        (("onnx/model.onnx", "tokenizer.json"), "onnxruntime"),
        (("modules.json",), "sentence_transformers"),
    ],
)
def test_a_missing_package_is_named_with_how_to_get_it(
    files: tuple[str, ...], package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    for module in ("onnx_model", "transformers_model"):
        monkeypatch.delitem(sys.modules, f"matching.embedding.{module}", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelError, match=f"package {package} is needed, see matching/requirements"):
        load_model(str(tmp_path))
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["TRANSFORMERS_OFFLINE"] == "1"


def test_an_embedding_is_the_mean_of_the_tokens(folder: str) -> None:
    model = load_model(folder)
    rows = model.embed(["没虫", "贷款", "", "没虫执"])
    assert model.width == WIDTH
    assert rows.tolist()[:3] == [[0.5, 0.5, 0.0, 0.25], [1.0, 0.0, 0.0, 0.25], [0.0] * WIDTH]
    assert rows[3].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0.25])
    assert model.embed([]).shape == (0, WIDTH)


def test_what_comes_out_of_a_text_does_not_depend_on_the_others(folder: str) -> None:
    texts = [matter[:size] for matter in MATTERS for size in range(1, 6)] * 9
    batch = load_model(folder).embed(texts)
    alone = np.vstack([load_model(folder).embed([text]) for text in texts])
    assert batch.tolist() == alone.tolist()


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, [1.0, 0.0]),
        ({"pooling_mode_max_tokens": True, "word_embedding_dimension": 4}, [1.0, 1.0]),
        ({"pooling_mode_mean_tokens": True}, [0.25, 0.75]),
    ],
)
def test_tokens_are_pooled_as_the_folder_says(
    pooling: dict[str, bool], expected: list[float], tmp_path: Path
) -> None:
    model = load_model(str(write_onnx_model(tmp_path, pooling=pooling)))
    assert model.embed(["没虫病害"])[0, :2].tolist() == expected


def test_a_model_that_pools_by_itself_is_taken_at_its_word(tmp_path: Path) -> None:
    model = load_model(str(write_onnx_model(tmp_path, output="sentence_embedding")))
    assert model.embed(["没虫"]).tolist() == [[0.5, 0.5, 0.0, 0.25]]


def test_texts_are_cut_where_the_folder_says(tmp_path: Path) -> None:
    inputs = ("input_ids", "attention_mask", "token_type_ids")
    model = load_model(str(write_onnx_model(tmp_path, longest=2, inputs=inputs)))
    assert model.embed(["没虫病害叶"]).tolist() == [[0.5, 0.5, 0.0, 0.25]]


@pytest.mark.parametrize("pooling", [{"pooling_mode_lasttoken": True}, {"dimension": 3}])
def test_an_unknown_way_to_pool_is_refused(pooling: dict[str, bool], tmp_path: Path) -> None:
    write_onnx_model(tmp_path, pooling=pooling)
    with pytest.raises(ModelError, match="pools by"):
        load_model(str(tmp_path))


def test_a_model_that_asks_for_more_is_refused(tmp_path: Path) -> None:
    write_onnx_model(tmp_path, inputs=("input_ids", "pixel_values"))
    with pytest.raises(ModelError, match="asks for pixel_values"):
        load_model(str(tmp_path))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_model_is_refused(name: str, tmp_path: Path) -> None:
    write_onnx_model(tmp_path)
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(str(tmp_path))


def test_texts_of_one_matter_meet_without_a_shared_word(encoder: EmbeddingEncoder) -> None:
    words = TextEncoder(n_features=4096).fit(CORPUS)
    assert cosine(words, "没钱", "贷款") == 0.0
    assert cosine(encoder, "没钱", "贷款") == pytest.approx(0.5, abs=1e-3)
    assert cosine(encoder, "没钱", "虫害") < 0.0


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_cosine_is_a_mix_of_words_and_embedding(folder: str, share: float) -> None:
    mixed = EmbeddingEncoder(folder, share, n_features=4096).fit(CORPUS)
    words = cosine(TextEncoder(n_features=4096).fit(CORPUS), "没钱贷款", "贷款难")
    model = load_model(folder)
    centre = model.embed(CORPUS).mean(axis=0)
    one, other = model.embed(["没钱贷款", "贷款难"]) - centre
    embedded = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    expected = (1 - share) * words + share * embedded
    assert cosine(mixed, "没钱贷款", "贷款难") == pytest.approx(expected, abs=1e-3)


def test_rows_have_unit_length_and_a_text_without_terms_is_a_zero_row(
    encoder: EmbeddingEncoder,
) -> None:
    rows = encoder.transform(["没钱贷款", "，。", ""])
    assert rows.shape == (3, 4096 + WIDTH)
    lengths = np.sqrt(rows.power(2).sum(axis=1))
    assert lengths.tolist() == pytest.approx([1.0, 0.0, 0.0], abs=1e-3)
    assert encoder.transform([]).shape == (0, 4096 + WIDTH)


def test_an_encoder_may_be_fitted_on_nothing(folder: str) -> None:
    assert EmbeddingEncoder(folder).fit([]).transform(["没钱"]).nnz > 0


def test_one_string_instead_of_several_is_refused(encoder: EmbeddingEncoder) -> None:
    with pytest.raises(TypeError, match="several texts"):
        encoder.fit("贷款")
    with pytest.raises(TypeError, match="several texts"):
        encoder.transform("贷款")


def test_parameters_are_kept_as_given_and_cloned(folder: str) -> None:
    encoder = EmbeddingEncoder(folder, share=0.3, n_neighbours=4, pull=0.2, min_background=7)
    parameters = clone(encoder).get_params()
    assert parameters == encoder.get_params()
    assert (parameters["model"], parameters["share"], parameters["pull"]) == (folder, 0.3, 0.2)


def test_the_matcher_finds_by_meaning_and_explains_in_words(folder: str) -> None:
    experts = [
        an_expert("A", bio="种棚", organisation="", title="", expertise=("叶蔫",), industries=()),
        an_expert("B", bio="资金", organisation="", title="", expertise=("资金",), industries=()),
    ]
    matcher = Matcher(encoder=EmbeddingEncoder(folder, n_features=4096)).fit(experts)
    first, second = matcher.rank(a_need("本钱缺"))
    assert first.expert_id == "B"
    assert first.parts[0].code == "text"
    assert first.parts[0].value > second.parts[0].value
    assert 2 <= len(first.reasons) <= 4


@pytest.mark.parametrize("check", OTHER_CHECKS, ids=lambda check: check.__name__)
def test_a_matcher_with_a_model_passes_every_check(check: Check, folder: str) -> None:
    check(lambda: Matcher(encoder=EmbeddingEncoder(folder, n_features=4096, min_background=5)))


def test_a_state_is_read_with_an_encoder_of_the_same_model(folder: str, tmp_path: Path) -> None:
    matcher = Matcher(encoder=EmbeddingEncoder(folder, n_features=4096)).fit(collection().experts)
    blob = matcher.to_bytes()
    moved = shutil.copytree(folder, tmp_path / "moved")
    alike = EmbeddingEncoder(str(moved), n_features=4096)
    restored = Matcher.from_bytes(blob, collection().experts, alike)
    assert restored.version_ == matcher.version_
    assert restored.to_bytes() == blob
    for need in collection().needs:
        assert restored.rank(need) == matcher.rank(need)


def test_a_state_of_another_kind_of_encoder_is_foreign(folder: str, tmp_path: Path) -> None:
    encoder = EmbeddingEncoder(folder, n_features=4096)
    blob = Matcher(encoder=encoder).fit(collection().experts).to_bytes()
    other = write_onnx_model(tmp_path / "other", longest=9)
    for alike in (None, EmbeddingEncoder(str(other), n_features=4096), TextEncoder()):
        with pytest.raises(ForeignStateError, match="another kind of encoder"):
            Matcher.from_bytes(blob, collection().experts, alike)


def test_another_model_makes_another_version(folder: str, tmp_path: Path) -> None:
    other = str(write_onnx_model(tmp_path, longest=9))
    versions = {
        Matcher(encoder=encoder).fit(collection().experts).version_
        for encoder in (TextEncoder(), EmbeddingEncoder(folder), EmbeddingEncoder(other))
    }
    assert len(versions) == 3


def test_a_model_of_sentence_transformers_is_read_from_its_folder(tmp_path: Path) -> None:
    library = pytest.importorskip(
        "sentence_transformers", reason="not tested: pip install sentence-transformers"
    )
    static = pytest.importorskip("sentence_transformers.models")
    tokenizers = pytest.importorskip("tokenizers")
    write_onnx_model(tmp_path / "tokens")
    tokenizer = tokenizers.Tokenizer.from_file(str(tmp_path / "tokens" / "tokenizer.json"))
    weights = np.array([[1.0, 0.0]] * tokenizer.get_vocab_size())
    made = static.StaticEmbedding(tokenizer, embedding_weights=weights)
    library.SentenceTransformer(modules=[made], device="cpu").save(str(tmp_path / "model"))

    model = load_model(str(tmp_path / "model"))

    assert model.width == 2
    assert model.embed(["没钱", "贷款"]).tolist() == [[1.0, 0.0], [1.0, 0.0]]
    assert model.embed([]).shape == (0, 2)
    broken = shutil.copytree(tmp_path / "model", tmp_path / "broken")
    (broken / "modules.json").write_text("{")
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(str(broken))


class StandIn:
    """What is used of sentence_transformers.SentenceTransformer, for a machine without it."""

    def __init__(self, folder: str, **options: object) -> None:
        assert options == {"device": "cpu", "local_files_only": True, "trust_remote_code": False}
        if not (Path(folder) / "modules.json").read_text():
            raise ValueError("no modules")

    def encode(self, texts: list[str], **options: object) -> list[list[float]]:
        assert options == {"convert_to_numpy": True, "show_progress_bar": False}
        return [[float(len(text)), 1.0] for text in texts]


def test_a_model_of_sentence_transformers_is_asked_offline_and_without_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = ModuleType("sentence_transformers")
    monkeypatch.setattr(package, "SentenceTransformer", StandIn, raising=False)
    monkeypatch.setitem(sys.modules, "sentence_transformers", package)
    monkeypatch.delitem(sys.modules, "matching.embedding.transformers_model", raising=False)
    for name, content in (("good", "[]"), ("empty", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "modules.json").write_text(content)

    model = load_model(str(tmp_path / "good"))

    assert model.width == 2
    assert model.embed(["没钱"]).tolist() == [[2.0, 1.0]]
    assert model.embed([]).shape == (0, 2)
    with pytest.raises(ModelError, match="cannot be read: no modules"):
        load_model(str(tmp_path / "empty"))
    monkeypatch.delitem(sys.modules, "matching.embedding.transformers_model")
