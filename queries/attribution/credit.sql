-- question:   How much of the revenue does each model give to each campaign?
-- grain:      one row per model, channel, campaign and reason why a part is not attributed
-- reads:      mart.credit_days, canonical.campaigns
-- params:     basis varchar (won, or open: pipeline that is still open), clock varchar (touch: day of the touch; close or
--             null: day the deal was won), date_from date, date_until date (exclusive), team varchar (null = all),
--             segment varchar (null = all)
-- returns:    model varchar, channel varchar, campaign_id varchar, campaign varchar, unattributed_reason varchar,
--             credit decimal(18,2), deals double (deals in full: shares added)
-- definition: Every model shares out the whole amount of every deal; what no touch earned stands under its reason, so each
--             model adds up to the same booked amount. Won deals count on the day they were won, or each share on the day
--             of its touch; open deals count as they stand today, whatever the period.
-- terms:      attribution.agreed_model, attribution.models, attribution.half_life_days, attribution.custom_weights
with added as ( -- all models side by side first: turned to one row per model before adding it costs four times as much
    select row_number() over () as number, *
    from (
        select channel, campaign_id, unattributed_reason, sum(columns('.+_(credit|deals)'))
        from mart.credit_days
        where clock = coalesce($clock, 'close') and basis = coalesce($basis, 'won')
          and (basis = 'open' or day >= $date_from and day < $date_until)
          and ($team is null or team = $team) and ($segment is null or segment = $segment)
        group by all
    )
), credits as (
    unpivot (select number, columns('(.+)_credit') as '\1' from added) on * exclude (number) into name model value credit
), shares as (
    unpivot (select number, columns('(.+)_deals') as '\1' from added) on * exclude (number) into name model value deals
)
select
    credits.model, added.channel::varchar as channel, added.campaign_id::varchar as campaign_id,
    campaigns.name as campaign, added.unattributed_reason::varchar as unattributed_reason,
    credits.credit::decimal(18,2) as credit, shares.deals
from added
join credits on credits.number = added.number
left join shares on shares.number = added.number and shares.model = credits.model
left join canonical.campaigns on campaigns.campaign_id = added.campaign_id
order by all
