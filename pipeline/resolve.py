"""Apply identity to every table, so that later steps see one id per person, account, lead and deal.

A lead, deal or person without a company is its own account (`person:…`, `lead:…`, `deal:…`), because marts are
computed per bucket of accounts and nobody may fall between two buckets.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from agreement import Terms
from pipeline import entities, identity
from pipeline.canonical import SCHEMAS

ENTITIES = ("people", "accounts", "leads", "deals", "deal_people", "campaigns", "spend", "employees", "exchange_rates")
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
                rows = (
                    _looked_up(rows, mapping, column, {"resolved": "_named"})
                    .with_columns(pl.coalesce("_named", column).alias(column))
                    .drop("_named")
                )
        columns = [*SCHEMAS[table].column_names()]
        return rows.select([*columns, *([] if "account_id" in columns else ["account_id"])])


def _looked_up(rows: pl.LazyFrame, mapping: pl.DataFrame, on: str, names: dict[str, str]) -> pl.LazyFrame:
    """Left join that brings the columns of `mapping` under new names and keeps the rows' order and number."""
    if mapping.is_empty():
        return rows.with_columns(pl.lit(None, pl.String).alias(new) for new in names.values())
    right = mapping.lazy().select(pl.col(mapping.columns[0]).alias(on), *(pl.col(o).alias(n) for o, n in names.items()))
    return rows.join(right, on=on, how="left", maintain_order="left")


def resolve(tables: dict[str, pl.DataFrame], terms: Terms) -> Identity:
    """Find who is who in the entity tables (all canonical, missing ones empty) and rewrite them to resolved ids."""
    merges = tables["merges"]
    accounts = entities.same_accounts(tables["accounts"], merges, terms)
    persons = entities.same_persons(tables["people"], merges, terms)
    deals = identity.resolve(
        "deal", entities.records_of(tables["deals"], "deal_id"), entities.told(merges, "deal"), entities.no_edges()
    )

    account_alias = accounts.alias("account").rename({"from_id": "account_id", "into_id": "resolved"})
    domains = entities.domain_owners(tables["accounts"], account_alias)
    people = entities.people_rows(tables["people"], persons, account_alias, domains, terms)
    owners = entities.by_id_or_name(tables["employees"], "employee_id")
    campaigns = entities.by_id_or_name(tables["campaigns"], "campaign_id")
    person_map = entities.person_map(tables, people, persons)
    of_person = person_map.filter(pl.col("person_id") == pl.col("resolved")).select("person_id", "account_id")
    people = people.drop("account_id").join(of_person, on="person_id", how="left", maintain_order="left")
    emails = entities.email_map(people)

    leads, lead_links = entities.lead_rows(tables["leads"], person_map, account_alias, terms)
    lead_map = leads.select("lead_id", resolved="lead_id", account_id="account_id")
    lead_map = pl.concat([lead_map, entities.aliased(lead_links, lead_map, "lead_id")])
    deal_people = entities.renamed(tables["deal_people"], deals.alias("deal"), "deal_id")
    deal_people = entities.renamed(deal_people, persons.alias("person"), "person_id").unique(
        ["deal_id", "person_id"], keep="first", maintain_order=True
    )
    deal_rows = entities.deal_rows(tables["deals"], deals, lead_map, person_map, deal_people, account_alias)
    deal_map = deal_rows.select("deal_id", resolved="deal_id", account_id="account_id")
    deal_map = pl.concat([deal_map, entities.aliased(deals.links, deal_map, "deal_id")])

    named = {
        "people": people,
        "accounts": entities.survivors(
            entities.renamed(tables["accounts"], accounts.alias("account"), "account_id"), "account_id"
        ),
        "leads": entities.with_names(leads, owners, campaigns),
        "deals": entities.with_names(deal_rows, owners, campaigns),
        "deal_people": deal_people,
        "campaigns": tables["campaigns"],
        "spend": entities.renamed(
            tables["spend"], campaigns.rename({"told": "from_id", "resolved": "into_id"}), "campaign_id"
        ),
        "employees": tables["employees"],
        "exchange_rates": tables["exchange_rates"],
    }
    return Identity(
        tables={table: named[table].select(SCHEMAS[table].column_names()) for table in ENTITIES},
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
