"""How a view reaches the inside: `run` acts, `reading` looks, both as who is signed in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, overload

from app.http.actor import current_actor
from app.http.edge import the_store
from app.http.idempotency import once, present_press
from app.http.wire import jsonable
from app.unit_of_work import Reader, UnitOfWork

Result = TypeVar("Result")


@overload
def run(
    use_case: Callable[..., Result], *args: Any, answer: None = None, **kwargs: Any
) -> Result: ...


@overload
def run(
    use_case: Callable[..., Result], *args: Any, answer: Callable[[Result], Any], **kwargs: Any
) -> Any: ...


def run(
    use_case: Callable[..., Result],
    *args: Any,
    answer: Callable[[Result], Any] | None = None,
    **kwargs: Any,
) -> Any:
    """Run the use case as who is signed in, in one transaction; a second press does nothing twice.

    The key of a press is the form's hidden field `idempotency_key` (macro `ui.idempotency`) or
    the header `Idempotency-Key`. With the same key and content the kept answer comes back.

    Args:
        use_case: takes the unit of work first.
        args: what it takes besides.
        answer: makes of the result what is kept and returned, as plain JSON. Without it a
            result that is a row is loaded again, as it then stands, and plain values come back
            as they were.
        kwargs: what it takes by name.

    Raises:
        DomainError: as the rules raised it.
        KeyReusedError: when the key was used for something else.
    """
    actor = current_actor()
    press = present_press(actor)

    def act(uow: UnitOfWork) -> Any:
        result = use_case(uow, *args, **kwargs)
        if answer is None:
            return result
        uow.flush()
        return jsonable(answer(result))

    if press is None:
        return the_store().execute(actor, act)
    return the_store().execute(actor, once, press, act)


@contextmanager
def reading() -> Iterator[Reader]:
    """Open a look at the database as who is signed in; nothing can be written through it."""
    with the_store().read(current_actor()) as reader:
        yield reader
