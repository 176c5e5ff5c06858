"""Who is who: merge chains, equal addresses and equal domains become one record each, listed and reversible.

Every rule yields edges between the ids a source used; connected edges are one record. The survivor is the record a
CRM merge ends in, else the oldest. Nothing is merged by name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from pipeline.gaps import repeated

EDGE_SCHEMA = {"from_id": pl.String, "into_id": pl.String, "rule": pl.String}
LINK_SCHEMA = {"kind": pl.String, "from_id": pl.String, "into_id": pl.String, "rule": pl.String}


@dataclass(frozen=True)
class Resolution:
    """Ids that are not their own record any more.

    `links`: `kind, from_id, into_id, rule`, one row per id that was merged away; ids that stayed are not listed.
    `cycles`: `kind, from_id, into_id` of merge statements that contradict each other (A into B, B into A).
    """

    links: pl.DataFrame
    cycles: pl.DataFrame

    def alias(self, kind: str) -> pl.DataFrame:
        """`from_id, into_id` of one kind."""
        return self.links.filter(pl.col("kind") == kind).select("from_id", "into_id")


def normalised_email(column: pl.Expr) -> pl.Expr:
    """For matching only: trimmed, lower case, NFC; null where there is no @."""
    email = _composed(column.str.strip_chars()).str.to_lowercase()
    return pl.when(email.str.contains("@", literal=True)).then(email)


def normalised_domain(column: pl.Expr) -> pl.Expr:
    """`https://www.Example.de/path` -> `example.de`; null where nothing is left."""
    domain = (
        _composed(column.str.strip_chars())
        .str.to_lowercase()
        .str.replace(r"^[a-z]+://", "")
        .str.replace(r"^www\.", "")
        .str.replace(r"[/?#:].*$", "")
    )
    return pl.when(domain.str.contains(".", literal=True)).then(domain)


def _composed(column: pl.Expr) -> pl.Expr:
    """NFC. Only what is not plain ASCII is looked at, which is little and takes the longest."""

    def composed(text: pl.Series) -> pl.Series:
        rows = (text.str.len_bytes() != text.str.len_chars()).arg_true()
        return text.scatter(rows, text.gather(rows).str.normalize("NFC")) if len(rows) else text

    return column.map_batches(composed, return_dtype=pl.String, is_elementwise=True)


def same_key(records: pl.DataFrame, key: pl.Expr, rule: str) -> pl.DataFrame:
    """Edges from every record to the oldest one with the same key. `records`: `id, created_at` and what `key` reads."""
    keyed = records.select("id", "created_at", key=key).drop_nulls("key")
    shared = keyed.filter(repeated(keyed["key"])).sort("key", "created_at", "id", nulls_last=True)
    return shared.select(from_id="id", into_id=pl.col("id").first().over("key"), rule=pl.lit(rule)).filter(
        pl.col("from_id") != pl.col("into_id")
    )


def resolve(kind: str, records: pl.DataFrame, merges: pl.DataFrame, edges: pl.DataFrame) -> Resolution:
    """Connect `records` (`id, created_at`) by CRM merges (`from_id, into_id`) and by `edges` of the matching rules.

    Chains A -> B -> C end in C whatever order they are listed in. Statements on a cycle are ignored and returned.
    """
    merges = merges.unique(["from_id", "into_id"]).filter(pl.col("from_id") != pl.col("into_id"))
    on_cycle = _on_cycle(merges)
    cycles = merges.filter(on_cycle).select(pl.lit(kind).alias("kind"), "from_id", "into_id")
    merges = merges.filter(~on_cycle).with_columns(rule=pl.lit("crm_merge")).select(list(EDGE_SCHEMA))
    every = pl.concat([merges, edges.select(list(EDGE_SCHEMA))])
    if every.is_empty():
        return Resolution(pl.DataFrame(schema=LINK_SCHEMA), cycles)

    ids = pl.concat([every["from_id"], every["into_id"]]).unique().sort()
    members = (
        pl.DataFrame({"id": ids, "component": _components(ids, every)})
        .join(records.select("id", "created_at").unique("id", keep="first"), on="id", how="left", maintain_order="left")
        .with_columns(
            merged_away=pl.col("id").is_in(merges["from_id"].implode()),
            merge_target=pl.col("id").is_in(merges["into_id"].implode()),
        )
    )
    # the end of a CRM merge survives; else the oldest; ids break ties so that the answer never depends on row order
    survivors = (
        members.sort("component", "merged_away", pl.col("merge_target").not_(), "created_at", "id", nulls_last=True)
        .group_by("component", maintain_order=True)
        .agg(into_id=pl.col("id").first())
    )
    rules = every.sort("from_id", pl.col("rule") != "crm_merge").unique("from_id", keep="first", maintain_order=True)
    links = (
        members.join(survivors, on="component", maintain_order="left")
        .filter(pl.col("id") != pl.col("into_id"))
        .join(rules.select(id="from_id", rule="rule"), on="id", how="left", maintain_order="left")
        .select(pl.lit(kind).alias("kind"), from_id="id", into_id="into_id", rule=pl.col("rule").fill_null("connected"))
    )
    return Resolution(links.sort("from_id"), cycles)


def _codes(ids: pl.Series, edges: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    position = pl.DataFrame({"id": ids, "code": np.arange(len(ids))})
    return tuple(  # type: ignore[return-value]
        edges.select(id=side).join(position, on="id", how="left", maintain_order="left")["code"].to_numpy()
        for side in ("from_id", "into_id")
    )


def _components(ids: pl.Series, edges: pl.DataFrame, *, directed: bool = False) -> np.ndarray:
    rows, columns = _codes(ids, edges)
    graph = coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(len(ids), len(ids)))
    return connected_components(graph, directed=directed, connection="strong" if directed else "weak")[1]


def _on_cycle(merges: pl.DataFrame) -> pl.Series:
    """True for each statement whose two ends can reach one another."""
    if merges.is_empty():
        return pl.Series([], dtype=pl.Boolean)
    ids = pl.concat([merges["from_id"], merges["into_id"]]).unique().sort()
    component = _components(ids, merges, directed=True)
    rows, columns = _codes(ids, merges)
    return pl.Series(component[rows] == component[columns])
