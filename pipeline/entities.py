"""Rewrite the entity tables to resolved ids: one row per person, account, lead and deal."""

from __future__ import annotations

import polars as pl

from agreement import Terms
from pipeline import identity
from pipeline.gaps import gaps_filled, repeated
from pipeline.identity import Resolution


def told(merges: pl.DataFrame, kind: str) -> pl.DataFrame:
    return merges.filter(pl.col("kind") == kind).select("from_id", "into_id")


def no_edges() -> pl.DataFrame:
    return pl.DataFrame(schema=identity.EDGE_SCHEMA)


def records_of(table: pl.DataFrame, key: str) -> pl.DataFrame:
    created = pl.col("created_at") if "created_at" in table.columns else pl.lit(None, pl.Datetime("us", "UTC"))
    return table.select(id=pl.col(key), created_at=created)


def same_accounts(accounts: pl.DataFrame, merges: pl.DataFrame, terms: Terms) -> Resolution:
    records = accounts.select("domain", id="account_id", created_at=pl.lit(None, pl.Datetime("us", "UTC")))
    edges = no_edges()
    if terms.identity.match_accounts_by_domain:
        domain = identity.normalised_domain(pl.col("domain"))
        shared = domain.is_in(list(terms.identity.freemail_domains))
        edges = identity.same_key(records, pl.when(~shared).then(domain), "same_domain")
    return identity.resolve("account", records, told(merges, "account"), edges)


def same_persons(people: pl.DataFrame, merges: pl.DataFrame, terms: Terms) -> Resolution:
    records = people.select("email", "created_at", id="person_id")
    edges = no_edges()
    if terms.identity.match_people_by_email:
        edges = identity.same_key(records, identity.normalised_email(pl.col("email")), "same_email")
    return identity.resolve("person", records, told(merges, "person"), edges)


def renamed(table: pl.DataFrame, alias: pl.DataFrame, column: str) -> pl.DataFrame:
    """`column` replaced by the id it was merged into."""
    if alias.is_empty() or table.is_empty():
        return table
    right = alias.select(pl.col("from_id").alias(column), pl.col("into_id").alias("_into"))
    joined = table.join(right, on=column, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("_into", column).alias(column)).drop("_into")


def survivors(table: pl.DataFrame, key: str) -> pl.DataFrame:
    """One row per key: the oldest row's values, gaps filled from the others."""
    return gaps_filled(table, [key], ["created_at"] if "created_at" in table.columns else [])


def domain_owners(accounts: pl.DataFrame, alias: pl.DataFrame) -> pl.DataFrame:
    """`domain -> account`, only where one account has it."""
    named = accounts.select("account_id", domain=identity.normalised_domain(pl.col("domain"))).drop_nulls()
    named = named.join(alias, on="account_id", how="left").with_columns(account=pl.coalesce("resolved", "account_id"))
    return named.select("domain", "account").unique().filter(pl.col("domain").is_unique())


def people_rows(
    people: pl.DataFrame, persons: Resolution, accounts: pl.DataFrame, domains: pl.DataFrame, terms: Terms
) -> pl.DataFrame:
    """One row per person; the company is the one told, else the one that owns the address's domain, else the person."""
    rows = renamed(people, persons.alias("person"), "person_id")
    rows = rows.join(accounts, on="account_id", how="left", maintain_order="left").with_columns(
        account_id=pl.coalesce("resolved", "account_id"),
        _domain=identity.normalised_email(pl.col("email")).str.split("@").list.last(),
    )
    free = pl.col("_domain").is_in(list(terms.identity.freemail_domains))
    rows = rows.with_columns(_domain=pl.when(~free).then("_domain")).join(
        domains, left_on="_domain", right_on="domain", how="left", maintain_order="left"
    )
    rows = rows.with_columns(account_id=pl.coalesce("account_id", "account")).select(people.columns)
    return survivors(rows, "person_id").with_columns(
        account_id=pl.coalesce("account_id", pl.format("person:{}", "person_id"))
    )


def person_map(tables: dict[str, pl.DataFrame], people: pl.DataFrame, persons: Resolution) -> pl.DataFrame:
    """Every person id any entity table mentions -> resolved person and account; a lead's company helps where needed."""
    alias = persons.alias("person")
    mentioned = [tables[table]["person_id"] for table in ("people", "leads", "deal_people")]
    ids = pl.concat([*mentioned, alias["from_id"]]).drop_nulls().unique().to_frame("person_id")
    companies = tables["leads"].select("account_id", resolved="person_id").drop_nulls()
    told = renamed(companies, alias, "resolved").group_by("resolved").agg(told=pl.col("account_id").min())
    known = people.select(resolved="person_id", known="account_id")
    joined = (
        renamed(ids.with_columns(resolved="person_id"), alias, "resolved")
        .join(known, on="resolved", how="left")
        .join(told, on="resolved", how="left")
    )
    alone = pl.col("known").str.starts_with("person:").fill_null(True)
    account = pl.when(alone).then(pl.coalesce("told", "known")).otherwise("known")
    return joined.select("person_id", "resolved", account_id=pl.coalesce(account, pl.format("person:{}", "resolved")))


def email_map(people: pl.DataFrame) -> pl.DataFrame:
    keyed = people.select(
        email=identity.normalised_email(pl.col("email")), resolved="person_id", account_id="account_id"
    ).drop_nulls("email")
    shared = repeated(keyed["email"])
    first = keyed.filter(shared).sort("email", "resolved").unique("email", keep="first", maintain_order=True)
    return pl.concat([keyed.filter(~shared), first])


def lead_rows(
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
    links = identity.resolve(
        "lead", candidates.select("id", "created_at"), no_edges().select("from_id", "into_id"), edges
    ).links
    joined = joined.join(
        accounts.rename({"resolved": "_account"}), on="account_id", how="left", maintain_order="left"
    ).with_columns(
        person_id=pl.coalesce("resolved", "person_id"),
        account_id=pl.coalesce("_account", "account_id", "account_id_of_person", pl.format("lead:{}", "lead_id")),
    )
    alias = links.select("from_id", "into_id")
    # events still name contacts that were merged away before the export: their lead is the survivor's lead
    known = renamed(candidates.select("resolved", lead="id"), alias, "lead").unique("resolved", keep="first")
    gone = persons.join(leads.select(person_id="lead_id"), on="person_id", how="anti").join(known, on="resolved")
    links = pl.concat(
        [
            links,
            gone.select(
                pl.lit("lead").alias("kind"), from_id="person_id", into_id="lead", rule=pl.lit("crm_merge")
            ).filter(pl.col("from_id") != pl.col("into_id")),
        ]
    )
    rows = survivors(renamed(joined.select(leads.columns), alias, "lead_id"), "lead_id")
    return rows, links


def aliased(links: pl.DataFrame, known: pl.DataFrame, key: str) -> pl.DataFrame:
    """Rows of the map for ids that were merged away."""
    gone = links.select(pl.col("from_id").alias("_gone"), pl.col("into_id").alias(key))
    return gone.join(known, on=key, how="inner").select(pl.col("_gone").alias(key), "resolved", "account_id")


def deal_rows(
    deals: pl.DataFrame,
    merged: Resolution,
    leads: pl.DataFrame,
    persons: pl.DataFrame,
    deal_people: pl.DataFrame,
    accounts: pl.DataFrame,
) -> pl.DataFrame:
    rows = survivors(renamed(deals, merged.alias("deal"), "deal_id"), "deal_id")
    contact = (
        deal_people.join(persons, on="person_id", how="left")
        .select("deal_id", "person_id", _contact_account="account_id")
        .drop_nulls()
        .sort("deal_id", "person_id")
        .unique("deal_id", keep="first", maintain_order=True)
        .drop("person_id")
    )
    rows = (
        rows.join(accounts.rename({"resolved": "_account"}), on="account_id", how="left", maintain_order="left")
        .join(
            leads.rename({"resolved": "_lead", "account_id": "_lead_account"}),
            on="lead_id",
            how="left",
            maintain_order="left",
        )
        .join(contact, on="deal_id", how="left", maintain_order="left")
    )
    return rows.with_columns(
        lead_id=pl.coalesce("_lead", "lead_id"),
        account_id=pl.coalesce(
            "_account", "account_id", "_lead_account", "_contact_account", pl.format("deal:{}", "deal_id")
        ),
    ).select(deals.columns)


def by_id_or_name(table: pl.DataFrame, key: str) -> pl.DataFrame:
    """`told -> resolved` for names that belong to exactly one id and are no id themselves."""
    named = table.select("name", resolved=key).drop_nulls().filter(pl.col("name") != pl.col("resolved"))
    single = named.group_by("name").agg(pl.col("resolved").unique()).filter(pl.col("resolved").list.len() == 1)
    single = single.select(told="name", resolved=pl.col("resolved").list.first())
    return single.join(table.select(told=key), on="told", how="anti").sort("told")


def with_names(rows: pl.DataFrame, owners: pl.DataFrame, campaigns: pl.DataFrame) -> pl.DataFrame:
    for column, mapping in (("owner_id", owners), ("campaign_id", campaigns)):
        rows = renamed(rows, mapping.rename({"told": "from_id", "resolved": "into_id"}), column)
    return rows
