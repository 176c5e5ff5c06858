-- question:   Which records make the figures of a week?
-- grain:      one row per figure and record
-- reads:      mart.leads, mart.deals, mart.handovers
-- params:     week date (Monday), cohort_week date (Monday, of the cohort that is old enough), horizon_days bigint
-- returns:    kpi varchar, record_id varchar (kind and id), day date, numerator double, denominator double,
--             agreement_version varchar
-- definition: Leads, deals and handovers that count in the week, each with what it adds to numerator and denominator.
-- kpis:       accepted_leads, follow_up_attainment, lead_to_opportunity_rate, pipeline_created, win_rate, won_revenue
with span as (
    select $week::date::timestamptz as since, ($week::date + interval 7 day)::timestamptz as until
)
select
    'accepted_leads' as kpi, 'lead:' || lead_id as record_id, sal_at::date as day,
    1::double as numerator, 0::double as denominator, agreement_version
from mart.leads, span
where cycle = 1 and sal_at >= since and sal_at < until
union all
select
    'lead_to_opportunity_rate', 'lead:' || lead_id, created_at::date,
    (coalesce(opportunity_at <= created_at + to_days($horizon_days::integer), false))::integer::double, 1,
    agreement_version
from mart.leads
where cycle = 1 and created_at >= $cohort_week::date::timestamptz
  and created_at < ($cohort_week::date + interval 7 day)::timestamptz
union all
select 'pipeline_created', 'deal:' || deal_id, created_at::date, coalesce(amount, 0)::double, 0, agreement_version
from mart.deals, span
where created_at >= since and created_at < until
union all
select 'won_revenue', 'deal:' || deal_id, won_at::date, coalesce(amount, 0)::double, 0, agreement_version
from mart.deals, span
where won_at >= since and won_at < until
union all
select
    'win_rate', 'deal:' || deal_id, coalesce(won_at, lost_at)::date, (won_at is not null)::integer::double, 1,
    agreement_version
from mart.deals, span
where coalesce(won_at, lost_at) >= since and coalesce(won_at, lost_at) < until
union all
select
    'follow_up_attainment', 'lead:' || lead_id || '#' || cycle, due_week_start, (status = 'met')::integer::double, 1,
    agreement_version
from mart.handovers
where due_week_start = $week and status in ('met', 'breached')
order by kpi, record_id
