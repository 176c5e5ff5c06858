-- question:   How much of the revenue does each model give to each campaign?
-- grain:      one row per model, channel, campaign and reason why a part is not attributed
-- reads:      mart.credits, canonical.campaigns
-- params:     basis varchar (won, or open: pipeline that is still open), clock varchar (touch: day of the touch; close or
--             null: day the deal was won), date_from date, date_until date (exclusive), team varchar (null = all),
--             segment varchar (null = all)
-- returns:    model varchar, channel varchar, campaign_id varchar, campaign varchar, unattributed_reason varchar,
--             credit decimal(18,2), deals double (deals in full: shares added)
-- definition: Every model shares out the whole amount of every deal; what no touch earned stands under its reason, so each
--             model adds up to the same booked amount. Won deals count on the day they were won, or each share on the day
--             of its touch; open deals count as they stand today, whatever the period.
-- terms:      attribution.agreed_model, attribution.models, attribution.half_life_days, attribution.custom_weights
with shares as (
    select model, channel, campaign_id, unattributed_reason, credit, share
    from mart.credits
    where basis = coalesce($basis, 'won')
      and (
          basis = 'open'
          or case when $clock = 'touch' then touched_at else closed_at end >= $date_from::timestamptz
          and case when $clock = 'touch' then touched_at else closed_at end < $date_until::timestamptz
      )
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
), counted as (
    select
        model, channel, campaign_id, unattributed_reason,
        sum(credit)::decimal(18,2) as credit, sum(share)::double as deals
    from shares
    group by all
)
select
    counted.model::varchar as model, counted.channel::varchar as channel, counted.campaign_id::varchar as campaign_id,
    campaigns.name as campaign, counted.unattributed_reason::varchar as unattributed_reason, counted.credit, counted.deals
from counted
left join canonical.campaigns on campaigns.campaign_id = counted.campaign_id
order by all
