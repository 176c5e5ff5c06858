-- question:   What happened with this lead so far?
-- grain:      one row per event, the newest 200
-- reads:      canonical.leads, canonical.touches, canonical.activities, canonical.stage_events, canonical.campaigns
-- params:     lead varchar
-- returns:    at timestamp with time zone, is_date_only boolean, lane varchar (marketing, sales), what varchar (touch,
--             activity or stage), kind varchar, detail varchar, campaign varchar, outcome varchar, direction varchar
-- definition: What the person read, attended and asked, what sales did, and the stages in between. Without machines.
with asked as (select lead_id, person_id from canonical.leads where lead_id = $lead),
events as (
    select
        occurred_at as at, coalesce(occurred_at_is_date_only, false) as is_date_only, 'marketing' as lane,
        'touch' as what, kind::varchar as kind, asset as detail, campaign_id, null::varchar as outcome,
        null::varchar as direction
    from canonical.touches
    where person_id = (select person_id from asked) and not coalesce(is_bot, false)
    union all
    select
        occurred_at, coalesce(occurred_at_is_date_only, false), 'sales', 'activity', kind::varchar, null, null,
        outcome::varchar, direction::varchar
    from canonical.activities
    where lead_id = (select lead_id from asked) and not coalesce(is_automatic, false)
    union all
    select entered_at, coalesce(entered_at_is_date_only, false), if(stage in ('lead', 'mql'), 'marketing', 'sales'),
        'stage', stage::varchar, reason, null, null, null
    from canonical.stage_events
    where lead_id = (select lead_id from asked)
)
select events.at, is_date_only, lane, what, kind, detail, campaigns.name as campaign, outcome, direction
from events
left join canonical.campaigns as campaigns on campaigns.campaign_id = events.campaign_id
order by events.at desc, what, kind, detail
limit 200
