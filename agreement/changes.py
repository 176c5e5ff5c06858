"""Documents of terms as nested mappings: what changed from one to the next, and how a change is applied.

A path names a section, a term or an entry of a term's group: `targets`, `targets.by_team`, `targets.by_team.Nord`.
Only the first two dots separate, so an entry may hold dots itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Values = dict[str, Any]
DEPTH = 3


def merged(base: Mapping[str, Any], change: Mapping[str, Any], without: Iterable[str] = ()) -> Values:
    """`base` with the values of `change` in place, entry by entry, and without the paths named."""
    result = _merged(base, change)
    for path in without:
        *above, last = path.split(".", DEPTH - 1)
        place = result
        for step in above:
            place[step] = dict(place[step])
            place = place[step]
        place.pop(last, None)
    return result


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Values, list[str]]:
    """The smallest change that makes `before` into `after`: values to set, and paths to leave out (sorted).

    `merged(before, *changed(before, after)) == after` for documents of terms.
    """
    values: Values = {}
    for key, value in after.items():
        if key not in before:
            values[key] = value
        elif isinstance(value, Mapping) and isinstance(before[key], Mapping):
            if inner := changed(before[key], value)[0]:
                values[key] = inner
        elif value != before[key]:
            values[key] = value
    gone = [path for path in paths(before) if path not in paths(after)]
    return values, sorted(path for path in gone if not any(path.startswith(f"{above}.") for above in gone))


def paths(values: Mapping[str, Any], depth: int = DEPTH) -> list[str]:
    """All paths of a document down to the entries of a term's group, each after the one it lies in."""
    found = []
    for key, value in values.items():
        found.append(key)
        if isinstance(value, Mapping) and depth > 1:
            found += [f"{key}.{inner}" for inner in paths(value, depth - 1)]
    return found


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> Values:
    return {
        **base,
        **{
            key: _merged(base[key], value)
            if isinstance(value, Mapping) and isinstance(base.get(key), Mapping)
            else value
            for key, value in change.items()
        },
    }
