-- question:   Who spoke with this customer when?
-- grain:      one row per interaction, the newest 1,000
-- reads:      canonical.leads, canonical.touches, canonical.activities, canonical.stage_events, canonical.people,
--             canonical.campaigns, canonical.employees, mart.deals, mart.credits
-- params:     account varchar, model varchar
-- returns:    at timestamp with time zone, is_date_only boolean, lane varchar (marketing, sales), what varchar (touch,
--             activity or stage), kind varchar, person varchar, detail varchar, team varchar, campaign varchar, outcome
--             varchar, direction varchar, is_automatic boolean, credit double
-- definition: Touches and early stages are marketing's lane; calls, mails, meetings and later stages are sales'. Machines
--             are left out; mail sent by software is marked. Credit by the agreed model, over all deals.
-- terms:      attribution.agreed_model
with earned as (
    select credits.touch_id, sum(credits.credit)::double as credit
    from mart.credits as credits
    where credits.model = $model and credits.touch_id is not null
      and credits.deal_id in (select deal_id from mart.deals where account_id = $account)
    group by credits.touch_id
),
touched as (
    select touch_id, person_id, occurred_at, occurred_at_is_date_only, kind, asset, campaign_id
    from canonical.touches
    where account_id = $account and not coalesce(is_bot, false)
),
events as (
    select
        touched.occurred_at as at, coalesce(touched.occurred_at_is_date_only, false) as is_date_only,
        'marketing' as lane, 'touch' as what, touched.kind::varchar as kind, touched.person_id,
        touched.asset as detail, null::varchar as employee_id, touched.campaign_id, null::varchar as outcome,
        null::varchar as direction, false as is_automatic, earned.credit
    from touched
    left join earned on earned.touch_id = touched.touch_id
    union all
    select
        occurred_at, coalesce(occurred_at_is_date_only, false), 'sales', 'activity', kind::varchar, person_id, null,
        employee_id, null, outcome::varchar, direction::varchar, coalesce(is_automatic, false), null
    from canonical.activities
    where account_id = $account
    union all
    select
        steps.entered_at, coalesce(steps.entered_at_is_date_only, false),
        if(steps.stage in ('lead', 'mql'), 'marketing', 'sales'), 'stage', steps.stage::varchar, leads.person_id,
        steps.reason, steps.employee_id, null, null, null, false, null
    from canonical.stage_events as steps
    join (select lead_id, person_id from canonical.leads where account_id = $account) as leads
        on leads.lead_id = steps.lead_id
)
select
    events.at, events.is_date_only, events.lane, events.what, events.kind, people.name as person, events.detail,
    employees.team, campaigns.name as campaign, events.outcome, events.direction, events.is_automatic, events.credit
from events
left join canonical.people as people on people.person_id = events.person_id
left join canonical.campaigns as campaigns on campaigns.campaign_id = events.campaign_id
left join canonical.employees as employees on employees.employee_id = events.employee_id
order by events.at desc, events.lane, events.what, events.kind, events.detail, person
limit 1000
