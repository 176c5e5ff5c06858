"""The bucket rule: all rows of an account lie in one bucket, and marts are computed bucket by bucket.

One bucket or many, the same pure functions give the same rows; only memory differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from pipeline import identity as who
from pipeline.canonical import SCHEMAS
from pipeline.resolve import EVENTS, Identity
from pipeline.warehouse import ROW_GROUP

TOUCHES_PER_BUCKET = 1_000_000
SMALL = ("campaigns", "spend", "employees", "exchange_rates")
_SEED = 20_261_123


def number_of_buckets(touches: int) -> int:
    """As few as memory allows."""
    return max(1, -(-touches // TOUCHES_PER_BUCKET))


def linked_accounts(identity: Identity) -> pl.DataFrame:
    """`from_id, into_id` of accounts that share a lead and its deal (a subsidiary buys): they lie in one bucket."""
    leads = identity.tables["leads"].select("lead_id", of_lead="account_id")
    pairs = identity.tables["deals"].select("lead_id", of_deal="account_id").join(leads, on="lead_id")
    edges = pairs.filter(pl.col("of_lead") != pl.col("of_deal")).select(
        from_id="of_deal", into_id="of_lead", rule=pl.lit("shared_lead")
    )
    nobody = pl.DataFrame(schema={"id": pl.String, "created_at": pl.Datetime("us", "UTC")})
    return who.resolve("account", nobody, edges.clear().select("from_id", "into_id"), edges).alias("account")


@dataclass(frozen=True)
class Buckets:
    """Event tables on disk, one folder per table and bucket, entity tables and what people decided in memory."""

    folder: Path
    identity: Identity
    count: int
    decisions: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @cached_property
    def _linked(self) -> pl.DataFrame:
        return linked_accounts(self.identity)

    def bucket_of(self, account_id: pl.Expr) -> pl.Expr:
        """Bucket of an account; rows that belong to no account are `nobody`'s."""
        if not self._linked.is_empty():
            account_id = account_id.replace(self._linked["from_id"], self._linked["into_id"])
        number = pl.when(account_id.is_null()).then(self.nobody).otherwise(account_id.hash(_SEED) % self.count)
        return number.cast(pl.UInt16).alias("bucket")

    def write(self, table: str, rows: pl.LazyFrame) -> None:
        """Stream resolved rows of an event table to their buckets, keeping their order."""
        target = self.folder / table
        rows.with_columns(self.bucket_of(pl.col("account_id"))).sink_parquet(
            pl.PartitionBy(target, key="bucket", include_key=False),
            compression="lz4",
            row_group_size=ROW_GROUP,
            statistics=False,
            mkdir=True,
        )

    def files(self, table: str, bucket: int) -> list[Path]:
        """Parquet files of an event table, of one bucket or of `nobody`."""
        return sorted(self.folder.glob(f"{table}/bucket={bucket}/*.parquet"))

    @property
    def nobody(self) -> int:
        """The number under which rows lie that belong to no account; no mart takes them."""
        return self.count

    def __iter__(self) -> Iterator[dict[str, pl.DataFrame]]:
        """All canonical tables of one bucket after the other, as the marts take them: each in one piece."""
        entities = {table: frame for table, frame in self.identity.tables.items() if table not in SMALL}
        deals = self.identity.tables["deals"].select("deal_id", _account="account_id")
        entities["deal_people"] = entities["deal_people"].join(deals, on="deal_id", how="left", maintain_order="left")
        rows_of = {
            table: frame.select(
                self.bucket_of(pl.col("_account" if table == "deal_people" else "account_id")),
                row=pl.int_range(pl.len(), dtype=pl.UInt32),
            ).partition_by("bucket", as_dict=True, include_key=False)
            for table, frame in entities.items()
        }
        nobody = pl.DataFrame(schema={"row": pl.UInt32})
        for number in range(self.count):
            bucket = {
                table: self.identity.tables[table][rows_of[table].get((number,), nobody)["row"]] for table in entities
            }
            events = {table: self._events(table, number) for table in EVENTS}
            small = {table: self.identity.tables[table] for table in SMALL}
            decided = {
                table: frame.filter(self.bucket_of(pl.col("account_id")) == number).drop("account_id")
                for table, frame in self.decisions.items()
            }
            yield bucket | small | events | decided | {"facts": self.facts}

    @cached_property
    def facts(self) -> pl.DataFrame:
        """One row of what only all buckets together can tell: whether any source says which leads were qualified."""
        files = [file for number in range(self.count + 1) for file in self.files("stage_events", number)]
        steps = (
            pl.scan_parquet(files).filter(stage="mql").select("stage").head(1).collect() if files else pl.DataFrame()
        )
        is_known = steps.height > 0 or self.identity.tables["leads"]["qualified_at"].count() > 0
        return pl.DataFrame({"qualification_is_known": [is_known]})

    def _events(self, table: str, bucket: int) -> pl.DataFrame:
        files = self.files(table, bucket)
        return pl.read_parquet(files).rechunk() if files else SCHEMAS[table].create_empty()
