"""Apply identity to every table, so that later steps see one id per person, account, lead and deal.

A lead, deal or person without a company is its own account (`person:…`, `lead:…`, `deal:…`), because marts are
computed per bucket of accounts and nobody may fall between two buckets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from agreement import Terms
from pipeline import identity
from pipeline.canonical import KEYS, SCHEMAS
from pipeline.identity import Resolution

ENTITIES = ("people", "accounts", "leads", "deals", "deal_people", "campaigns", "employees", "exchange_rates")
EVENTS = ("touches", "activities", "stage_events", "deal_events")


@dataclass(frozen=True)
class Identity:
    """Resolved entity tables and the maps that resolve event tables.

    `persons`: `person_id` (as told) -> `resolved, account_id`; `leads` and `deals` likewise; `emails`: normalised
    `email` -> `resolved, account_id`; `owners` and `campaigns`: id or name as told -> `resolved`.
    """

    tables: dict[str, pl.DataFrame]
    persons: pl.DataFrame
    leads: pl.DataFrame
    deals: pl.DataFrame
    accounts: pl.DataFrame
    emails: pl.DataFrame
    owners: pl.DataFrame
    campaigns: pl.DataFrame
    merged: pl.DataFrame
    cycles: pl.DataFrame

    def event(self, table: str, rows: pl.LazyFrame, *, with_emails: bool = False) -> pl.LazyFrame:
        """Rows of an event table with resolved ids and the `account_id` they belong to (null: belongs to nobody)."""
        if "email" in SCHEMAS[table].column_names() and with_emails:
            rows = _looked_up(
                rows.with_columns(_email=identity.normalised_email(pl.col("email"))),
                self.emails, "_email", {"resolved": "_mail_person", "account_id": "_mail_account"},
            ).with_columns(person_id=pl.coalesce("person_id", "_mail_person"))  # fmt: skip
        accounts = []
        for column, mapping in (("deal_id", self.deals), ("lead_id", self.leads), ("person_id", self.persons)):
            if column not in SCHEMAS[table].column_names():
                continue
            names = {"resolved": f"_{column}", "account_id": f"_{column}_account"}
            rows = _looked_up(rows, mapping, column, names)
            # a person no list knows is still one person, and its own account
            own = pl.format("person:{}", column) if column == "person_id" else pl.lit(None, pl.String)
            accounts.append(pl.coalesce(f"_{column}_account", pl.when(pl.col(column).is_not_null()).then(own)))
            rows = rows.with_columns(pl.coalesce(f"_{column}", column).alias(column))
        if "account_id" in SCHEMAS[table].column_names():
            told = _looked_up(rows, self.accounts, "account_id", {"resolved": "_account"})
            # what the person or lead says of the company goes before a company typed on the event, except that a
            # company is better than a person standing alone
            known = pl.coalesce("_account", "account_id")
            found = pl.coalesce(*accounts)
            rows = told.with_columns(
                account_id=pl.when(known.is_not_null() & found.str.starts_with("person:").fill_null(True))
                .then(known)
                .otherwise(found)
            )
        else:
            rows = rows.with_columns(account_id=pl.coalesce(*accounts))
        for column, mapping in (("employee_id", self.owners), ("campaign_id", self.campaigns)):
            if column in SCHEMAS[table].column_names() and not mapping.is_empty():
                rows = _looked_up(rows, mapping, column, {"resolved": "_named"}).with_columns(
                    pl.coalesce("_named", column).alias(column)
                ).drop("_named")
        columns = [*SCHEMAS[table].column_names()]
        return rows.select([*columns, *([] if "account_id" in columns else ["account_id"])])

    @cached_property
    def sizes(self) -> dict[str, int]:
        return {table: frame.height for table, frame in self.tables.items()}


def _looked_up(rows: pl.LazyFrame, mapping: pl.DataFrame, on: str, names: dict[str, str]) -> pl.LazyFrame:
    """Left join that brings the columns of `mapping` under new names and keeps the rows' order and number."""
    if mapping.is_empty():
        return rows.with_columns(pl.lit(None, pl.String).alias(new) for new in names.values())
    right = mapping.lazy().select(pl.col(mapping.columns[0]).alias(on), *(pl.col(o).alias(n) for o, n in names.items()))
    return rows.join(right, on=on, how="left", maintain_order="left")


def resolve(tables: dict[str, pl.DataFrame], terms: Terms) -> Identity:
    """Find who is who in the entity tables (all canonical, missing ones empty) and rewrite them to resolved ids."""
    merges = tables["merges"]
    accounts = _accounts(tables["accounts"], merges, terms)
    persons = _persons(tables["people"], merges, terms)
    deals = identity.resolve("deal", _records(tables["deals"], "deal_id"), _told(merges, "deal"), _no_edges())

    account_alias = accounts.alias("account").rename({"from_id": "account_id", "into_id": "resolved"})
    domains = _domains(tables["accounts"], account_alias)
    people = _people(tables["people"], persons, account_alias, domains, terms)
    owners = _by_id_or_name(tables["employees"], "employee_id")
    campaigns = _by_id_or_name(tables["campaigns"], "campaign_id")
    person_map = _person_map(tables, people, persons)
    of_person = person_map.filter(pl.col("person_id") == pl.col("resolved")).select("person_id", "account_id")
    people = people.drop("account_id").join(of_person, on="person_id", how="left", maintain_order="left")
    emails = _email_map(people)

    leads, lead_links = _leads(tables["leads"], person_map, account_alias, terms)
    lead_map = leads.select("lead_id", resolved="lead_id", account_id="account_id")
    lead_map = pl.concat([lead_map, _aliased(lead_links, lead_map, "lead_id")])
    deal_people = _renamed(tables["deal_people"], deals.alias("deal"), "deal_id")
    deal_people = _renamed(deal_people, persons.alias("person"), "person_id").unique(
        ["deal_id", "person_id"], keep="first", maintain_order=True
    )
    deal_rows = _deals(tables["deals"], deals, lead_map, person_map, deal_people, account_alias)
    deal_map = deal_rows.select("deal_id", resolved="deal_id", account_id="account_id")
    deal_map = pl.concat([deal_map, _aliased(deals.links, deal_map, "deal_id")])

    named = {
        "people": people,
        "accounts": _survivors(_renamed(tables["accounts"], accounts.alias("account"), "account_id"), "account_id"),
        "leads": _with_names(leads, owners, campaigns),
        "deals": _with_names(deal_rows, owners, campaigns),
        "deal_people": deal_people,
        "campaigns": tables["campaigns"],
        "employees": tables["employees"],
        "exchange_rates": tables["exchange_rates"],
    }
    return Identity(
        tables={
            table: named[table].sort(KEYS[table]).select(SCHEMAS[table].column_names())
            for table in ENTITIES
        },
        persons=person_map,
        leads=lead_map,
        deals=deal_map,
        accounts=account_alias,
        emails=emails,
        owners=owners,
        campaigns=campaigns,
        merged=pl.concat([accounts.links, persons.links, lead_links, deals.links]),
        cycles=pl.concat([accounts.cycles, persons.cycles, deals.cycles]),
    )


def _told(merges: pl.DataFrame, kind: str) -> pl.DataFrame:
    return merges.filter(pl.col("kind") == kind).select("from_id", "into_id")


def _no_edges() -> pl.DataFrame:
    return pl.DataFrame(schema=identity.EDGE_SCHEMA)


def _records(table: pl.DataFrame, key: str) -> pl.DataFrame:
    created = pl.col("created_at") if "created_at" in table.columns else pl.lit(None, pl.Datetime("us", "UTC"))
    return table.select(id=pl.col(key), created_at=created)


def _accounts(accounts: pl.DataFrame, merges: pl.DataFrame, terms: Terms) -> Resolution:
    records = accounts.select("domain", id="account_id", created_at=pl.lit(None, pl.Datetime("us", "UTC")))
    edges = _no_edges()
    if terms.identity.match_accounts_by_domain:
        domain = identity.normalised_domain(pl.col("domain"))
        shared = domain.is_in(list(terms.identity.freemail_domains))
        edges = identity.same_key(records, pl.when(~shared).then(domain), "same_domain")
    return identity.resolve("account", records, _told(merges, "account"), edges)


def _persons(people: pl.DataFrame, merges: pl.DataFrame, terms: Terms) -> Resolution:
    records = people.select("email", "created_at", id="person_id")
    edges = _no_edges()
    if terms.identity.match_people_by_email:
        edges = identity.same_key(records, identity.normalised_email(pl.col("email")), "same_email")
    return identity.resolve("person", records, _told(merges, "person"), edges)


def _renamed(table: pl.DataFrame, alias: pl.DataFrame, column: str) -> pl.DataFrame:
    """`column` replaced by the id it was merged into."""
    if alias.is_empty() or table.is_empty():
        return table
    right = alias.select(pl.col("from_id").alias(column), pl.col("into_id").alias("_into"))
    joined = table.join(right, on=column, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("_into", column).alias(column)).drop("_into")


def _survivors(table: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per key: the oldest row's values, gaps filled from the others."""
    order = [key, *(["created_at"] if "created_at" in table.columns else [])]
    several = pl.len().over(key) > 1
    merged = table.filter(several).sort(order, nulls_last=True).group_by(key, maintain_order=True)
    filled = merged.agg(pl.exclude(key).drop_nulls().first()).select(table.columns)
    return pl.concat([table.filter(~several), filled])


def _domains(accounts: pl.DataFrame, alias: pl.DataFrame) -> pl.DataFrame:
    """`domain -> account`, only where one account has it."""
    named = accounts.select("account_id", domain=identity.normalised_domain(pl.col("domain"))).drop_nulls()
    named = named.join(alias, on="account_id", how="left").with_columns(account=pl.coalesce("resolved", "account_id"))
    return named.group_by("domain").agg(pl.col("account").unique()).filter(pl.col("account").list.len() == 1).select(
        "domain", account=pl.col("account").list.first()
    )


def _people(
    people: pl.DataFrame, persons: Resolution, accounts: pl.DataFrame, domains: pl.DataFrame, terms: Terms
) -> pl.DataFrame:
    """One row per person; the company is the one told, else the one that owns the address's domain, else the person."""
    rows = _renamed(people, persons.alias("person"), "person_id")
    rows = rows.join(accounts, on="account_id", how="left", maintain_order="left").with_columns(
        account_id=pl.coalesce("resolved", "account_id"),
        _domain=identity.normalised_email(pl.col("email")).str.split("@").list.last(),
    )
    free = pl.col("_domain").is_in(list(terms.identity.freemail_domains))
    rows = rows.with_columns(_domain=pl.when(~free).then("_domain")).join(
        domains, left_on="_domain", right_on="domain", how="left", maintain_order="left"
    )
    rows = rows.with_columns(account_id=pl.coalesce("account_id", "account")).select(people.columns)
    return _survivors(rows, "person_id").with_columns(
        account_id=pl.coalesce("account_id", pl.format("person:{}", "person_id"))
    )


def _person_map(tables: dict[str, pl.DataFrame], people: pl.DataFrame, persons: Resolution) -> pl.DataFrame:
    """Every person id any entity table mentions -> resolved person and account; a lead's company helps where needed."""
    mentioned = pl.concat(
        [
            tables["people"].select("person_id", account_id=pl.lit(None, pl.String)),
            tables["leads"].select("person_id", "account_id"),
            tables["deal_people"].select("person_id", account_id=pl.lit(None, pl.String)),
            persons.alias("person").select(person_id="from_id", account_id=pl.lit(None, pl.String)),
        ]
    ).drop_nulls("person_id")
    unique = mentioned.group_by("person_id").agg(told=pl.col("account_id").drop_nulls().min())
    resolved = _renamed(unique.with_columns(resolved="person_id"), persons.alias("person"), "resolved")
    known = people.select(resolved="person_id", known="account_id")
    joined = resolved.join(known, on="resolved", how="left").with_columns(
        told=pl.col("told").drop_nulls().min().over("resolved")
    )
    alone = pl.col("known").str.starts_with("person:").fill_null(True)
    account = pl.when(alone).then(pl.coalesce("told", "known")).otherwise("known")
    return joined.select(
        "person_id", "resolved", account_id=pl.coalesce(account, pl.format("person:{}", "resolved"))
    )


def _email_map(people: pl.DataFrame) -> pl.DataFrame:
    keyed = people.select(
        email=identity.normalised_email(pl.col("email")), resolved="person_id", account_id="account_id"
    ).drop_nulls("email")
    return keyed.sort("email", "resolved").unique("email", keep="first", maintain_order=True)


def _leads(
    leads: pl.DataFrame, persons: pl.DataFrame, accounts: pl.DataFrame, terms: Terms
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leads with resolved person and account. Where the CRM keeps contact and lead in one record (lead id = person
    id), records of the same person are one lead; separate lead records of one person stay separate inquiries."""
    joined = leads.join(persons, on="person_id", how="left", maintain_order="left", suffix="_of_person")
    joined = joined.with_columns(_same_record=pl.col("lead_id") == pl.col("person_id"))
    candidates = joined.filter(pl.col("_same_record").fill_null(False)).select("resolved", "created_at", id="lead_id")
    edges = identity.same_key(candidates, pl.col("resolved"), "same_person")
    if not terms.identity.match_people_by_email:
        edges = edges.clear()
    links = identity.resolve("lead", candidates.select("id", "created_at"), _told(_no_merges(), "lead"), edges).links
    joined = joined.join(
        accounts.rename({"resolved": "_account"}), on="account_id", how="left", maintain_order="left"
    ).with_columns(
        person_id=pl.coalesce("resolved", "person_id"),
        account_id=pl.coalesce("_account", "account_id", "account_id_of_person", pl.format("lead:{}", "lead_id")),
    )
    alias = links.select("from_id", "into_id")
    # events still name contacts that were merged away before the export: their lead is the survivor's lead
    known = _renamed(candidates.select("resolved", lead="id"), alias, "lead").unique("resolved", keep="first")
    gone = persons.join(leads.select(person_id="lead_id"), on="person_id", how="anti").join(known, on="resolved")
    links = pl.concat([
        links,
        gone.select(pl.lit("lead").alias("kind"), from_id="person_id", into_id="lead", rule=pl.lit("crm_merge"))
        .filter(pl.col("from_id") != pl.col("into_id")),
    ])
    rows = _survivors(_renamed(joined.select(leads.columns), alias, "lead_id"), "lead_id")
    return rows, links


def _no_merges() -> pl.DataFrame:
    return pl.DataFrame(schema={"kind": pl.String, "from_id": pl.String, "into_id": pl.String})


def _aliased(links: pl.DataFrame, known: pl.DataFrame, key: str) -> pl.DataFrame:
    """Rows of the map for ids that were merged away."""
    gone = links.select(pl.col("from_id").alias("_gone"), pl.col("into_id").alias(key))
    return gone.join(known, on=key, how="inner").select(pl.col("_gone").alias(key), "resolved", "account_id")


def _deals(
    deals: pl.DataFrame,
    merged: Resolution,
    leads: pl.DataFrame,
    persons: pl.DataFrame,
    deal_people: pl.DataFrame,
    accounts: pl.DataFrame,
) -> pl.DataFrame:
    rows = _survivors(_renamed(deals, merged.alias("deal"), "deal_id"), "deal_id")
    contact = (
        deal_people.join(persons, on="person_id", how="left")
        .group_by("deal_id")
        .agg(_contact_account=pl.col("account_id").sort_by("person_id").drop_nulls().first())
    )
    rows = (
        rows.join(accounts.rename({"resolved": "_account"}), on="account_id", how="left", maintain_order="left")
        .join(
            leads.rename({"resolved": "_lead", "account_id": "_lead_account"}),
            on="lead_id", how="left", maintain_order="left",
        )  # fmt: skip
        .join(contact, on="deal_id", how="left", maintain_order="left")
    )
    return rows.with_columns(
        lead_id=pl.coalesce("_lead", "lead_id"),
        account_id=pl.coalesce(
            "_account", "account_id", "_lead_account", "_contact_account", pl.format("deal:{}", "deal_id")
        ),
    ).select(deals.columns)


def _by_id_or_name(table: pl.DataFrame, key: str) -> pl.DataFrame:
    """`told -> resolved` for names that belong to exactly one id and are no id themselves."""
    named = table.select("name", resolved=key).drop_nulls().filter(pl.col("name") != pl.col("resolved"))
    single = named.group_by("name").agg(pl.col("resolved").unique()).filter(pl.col("resolved").list.len() == 1)
    single = single.select(told="name", resolved=pl.col("resolved").list.first())
    return single.join(table.select(told=key), on="told", how="anti").sort("told")


def _with_names(rows: pl.DataFrame, owners: pl.DataFrame, campaigns: pl.DataFrame) -> pl.DataFrame:
    for column, mapping in (("owner_id", owners), ("campaign_id", campaigns)):
        rows = _renamed(rows, mapping.rename({"told": "from_id", "resolved": "into_id"}), column)
    return rows
