-- question:   For how much of the business do the figures have what they need?
-- grain:      one row per kind of coverage
-- reads:      mart.campaign_days, mart.deals, mart.journeys, mart.leads, mart.stage_stays
-- returns:    coverage varchar, covered bigint, everything bigint
-- definition: A gap here is a blind spot of other pages: a won deal without any touch can be credited to nobody, a
--             lead without a campaign to no campaign. Leads are counted by their first cycle.
with won as (
    select count(*) as everything, count(*) filter (where touch_count > 0) as covered
    from mart.journeys
    where outcome = 'won'
), leads as (
    select
        sum(leads)::bigint as everything,
        coalesce(sum(leads) filter (where channel is not null and channel <> 'other'), 0)::bigint as with_channel,
        coalesce(sum(leads) filter (where team is not null), 0)::bigint as with_team
    from mart.stage_stays
    where stage = 'lead'
), sourced as (
    select coalesce(sum(leads), 0)::bigint as with_campaign from mart.campaign_days where campaign_id is not null
), timed as (
    select count(*) filter (where not coalesce(created_at_is_date_only, false)) as with_time
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
union all select 'leads_with_channel', with_channel, coalesce(everything, 0) from leads
union all select 'leads_with_campaign', with_campaign, coalesce(everything, 0) from sourced, leads
union all select 'leads_with_team', with_team, coalesce(everything, 0) from leads
union all select 'leads_with_time', with_time, coalesce(everything, 0) from timed, leads
