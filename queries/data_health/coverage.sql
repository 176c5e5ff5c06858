-- question:   For how much of the business do the figures have what they need?
-- grain:      one row per kind of coverage
-- reads:      mart.deals, mart.journeys, mart.leads
-- returns:    coverage varchar, covered bigint, everything bigint
-- definition: A gap here is a blind spot of other pages: a won deal without any touch can be credited to nobody, a
--             lead without a campaign to no campaign. Leads are counted by their first cycle.
with won as (
    select count(*) as everything, count(*) filter (where touch_count > 0) as covered
    from mart.deals
    left join mart.journeys using (deal_id)
    where won_at is not null
), leads as (
    select
        count(*) as everything,
        count(campaign_id) as with_campaign,
        count(*) filter (where channel is not null and channel <> 'other') as with_channel,
        count(team) as with_team,
        count(*) filter (where not coalesce(created_at_is_date_only, false)) as with_time
    from mart.leads
    where cycle = 1
), deals as (
    select
        count(*) as everything,
        count(lead_id) as with_lead,
        count(*) filter (where not coalesce(is_unconverted, false)) as converted
    from mart.deals
)
select 'won_deals_with_touch' as coverage, covered, everything from won
union all select 'deals_with_lead', with_lead, everything from deals
union all select 'deals_converted', converted, everything from deals
union all select 'leads_with_channel', with_channel, everything from leads
union all select 'leads_with_campaign', with_campaign, everything from leads
union all select 'leads_with_team', with_team, everything from leads
union all select 'leads_with_time', with_time, everything from leads
