"""JSON as it is read and written: one meaning for each text, or a refusal."""

import json
from typing import Any

from flask.json.provider import DefaultJSONProvider


class StrictJSON(DefaultJSONProvider):
    """Reads what has one meaning; writes in the order given, Chinese as it is."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return the value.

        Raises:
            ValueError: for text that is no JSON, names a key twice, holds NaN, infinities or half
                characters, or is nested beyond reason; answered with status 400.
        """
        try:
            value = json.loads(s, object_pairs_hook=_unique, parse_constant=_refuse, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        # Half a surrogate pair passes json.loads and no database.
        json.dumps(value, ensure_ascii=False).encode()
        return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
