from sqlalchemy import select

from app.domain.actor import SYSTEM
from app.models.vocabulary import Term
from app.queries.vocabularies import attributes, labels, words
from app.unit_of_work import Store, UnitOfWork
from tests.founder_road import statements


def test_labels_are_read_in_one_statement_in_either_language(store: Store) -> None:
    with store.read(SYSTEM) as reader, statements(store) as sent:
        chinese = labels(reader, "area", "need_topic")
    with store.read(SYSTEM) as reader:
        english = labels(reader, "area", locale="en")

    assert len(sent) == 1
    assert chinese.of("area", "urban_core") == "都市主城区"
    assert english.of("area", "urban_core") == "Urban core"
    assert chinese.of("need_topic", "ip") == "知识产权"
    assert (chinese.of("area", None), chinese.of("area", "moon")) == ("", "moon")
    assert chinese.choices("area")[0] == ("urban_core", "都市主城区")
    assert chinese.choices("street") == ()


def test_a_retired_term_keeps_its_label_and_is_no_word_any_more(store: Store) -> None:
    def retire(uow: UnitOfWork) -> None:
        term = uow.one(select(Term).where(Term.vocabulary == "area", Term.code == "outside"))
        assert term is not None
        term.is_retired = True

    store.execute(SYSTEM, retire)
    with store.read(SYSTEM) as reader:
        assert labels(reader, "area").of("area", "outside") == "区外/未定"
        assert words(reader, "area").code_of("area", "区外") is None
        assert words(reader, "area").code_of("area", "都市主城区") == "urban_core"


def test_a_street_knows_its_area(store: Store) -> None:
    with store.read(SYSTEM) as reader:
        assert attributes(reader, "street")["tangye"]["area"] == "east_new_area"
