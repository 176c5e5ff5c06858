-- question:   How many days do leads stay in a stage before they move on, leave, or are still waiting?
-- grain:      one row per stage, number of days and outcome
-- reads:      mart.leads, meta.build
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    stage varchar, days bigint, outcome varchar, leads bigint
-- definition: First cycles that entered the stage in the period; whole days of 24 hours until the next stage (advanced),
--             the closing (left) or today (waiting). Imputed stages and leads with a step before their creation take no
--             part. Medians come from the survival curve, those still waiting included.
-- terms:      funnel.minimum_at_risk
with chosen as not materialized (
    select * from mart.leads
    where cycle = 1 and is_in_time_order
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
), stays as (
    select 1 as stage_number, created_at as entered_at, mql_at as advanced_at, closed_at
    from chosen where created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
    union all
    select 2 as stage_number, mql_at as entered_at, sal_at as advanced_at, closed_at
    from chosen where mql_at >= $date_from::timestamptz and mql_at < $date_until::timestamptz and not contains(imputed_stages, 'mql')
    union all
    select 3 as stage_number, sal_at as entered_at, sql_at as advanced_at, closed_at
    from chosen where sal_at >= $date_from::timestamptz and sal_at < $date_until::timestamptz and not contains(imputed_stages, 'sal')
    union all
    select 4 as stage_number, sql_at as entered_at, opportunity_at as advanced_at, closed_at
    from chosen where sql_at >= $date_from::timestamptz and sql_at < $date_until::timestamptz and not contains(imputed_stages, 'sql')
    union all
    select 5 as stage_number, opportunity_at as entered_at, won_at as advanced_at, closed_at
    from chosen where opportunity_at >= $date_from::timestamptz and opportunity_at < $date_until::timestamptz and not contains(imputed_stages, 'opportunity')
), counted as ( -- by number first: grouping millions of rows by words costs twice as much
    select
        stage_number,
        case when advanced_at is not null then 1 when closed_at is not null then 2 else 3 end as fate,
        (
            epoch_us(coalesce(advanced_at, closed_at, (select any_value(as_of) from meta.build))) - epoch_us(entered_at)
        ) // 86400000000 as days,
        count(*) as leads
    from stays
    group by all
)
select
    ['lead', 'mql', 'sal', 'sql', 'opportunity'][stage_number] as stage,
    greatest(days, 0) as days,
    ['advanced', 'left', 'waiting'][fate] as outcome,
    sum(leads)::bigint as leads
from counted
group by all
order by stage, days, outcome
