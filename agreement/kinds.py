"""What kind of value a term takes, read from its type: so every term, also one added later, has a fitting field."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agreement.sections import BothLanguages, Window
from agreement.terms import Terms

Shape = Literal[
    "yes_or_no", "whole", "number", "share", "text", "choice", "choices", "names", "windows", "by_choice", "by_name",
    "both_languages",
]  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """How a value is edited. `options`: what may be chosen, or the keys of a group; `inner`: the kind of a group's
    values; `low`, `high`: the smallest and largest number allowed, `is_above`, `is_below`: the bound itself is not.
    """

    shape: Shape
    options: tuple[str, ...] = ()
    inner: Kind | None = None
    low: float | None = None
    high: float | None = None
    is_above: bool = False
    is_below: bool = False
    is_optional: bool = False


@cache
def kind_of(term: str) -> Kind:
    """The kind of `section.term`."""
    section, name = term.split(".")
    described = _section(section).model_fields[name]
    return _kind(described.annotation, described.metadata)


def _section(name: str) -> type[BaseModel]:
    annotation: Any = Terms.model_fields[name].annotation
    return next(part for part in (annotation, *get_args(annotation)) if _is_section(part))


def _is_section(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)


def _kind(annotation: Any, metadata: Iterable[Any] = ()) -> Kind:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inner[0], [*_constraints(inner[1:]), *metadata])
    if origin in (Union, types.UnionType):
        return replace(_kind(next(part for part in inner if part is not types.NoneType), metadata), is_optional=True)
    if origin is Literal:
        return Kind("choice", tuple(map(str, inner)))
    if origin is tuple:
        return _of_list(inner[0])
    if origin is not None and issubclass(origin, Mapping):
        keys = _kind(inner[0])
        return Kind("by_choice" if keys.shape == "choice" else "by_name", keys.options, _kind(inner[1]))
    if annotation is BothLanguages:
        return Kind("both_languages")
    if annotation is bool:
        return Kind("yes_or_no")
    return _bounded({int: "whole", float: "number"}.get(annotation, "text"), metadata)  # type: ignore[arg-type]


def _of_list(entry: Any) -> Kind:
    if entry == Window:
        return Kind("windows")
    inner = _kind(entry)
    return Kind("choices", inner.options) if inner.shape == "choice" else Kind("names")


def _bounded(shape: Shape, metadata: Iterable[Any]) -> Kind:
    kind = Kind(shape)
    for part in metadata:
        if (low := getattr(part, "gt", getattr(part, "ge", None))) is not None:
            kind = replace(kind, low=low, is_above=hasattr(part, "gt"))
        if (high := getattr(part, "lt", getattr(part, "le", None))) is not None:
            kind = replace(kind, high=high, is_below=hasattr(part, "lt"))
    return replace(kind, shape="share") if shape == "number" and kind.high == 1 else kind


def _constraints(metadata: Iterable[Any]) -> list[Any]:
    return [part for entry in metadata for part in (entry.metadata if isinstance(entry, FieldInfo) else [entry])]
