-- question:   How many leads entered each stage in the period?
-- grain:      one row per stage
-- reads:      mart.leads
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    stage varchar, entered bigint, returning bigint, existing bigint, imputed bigint
-- definition: Period funnel: stage entries within the period, whenever the lead was created. The headline counts first
--             cycles; leads that came back after recycling are shown beside it. A skipped stage is imputed at the time
--             of the next one reached: it counts here and not in durations.
with chosen as not materialized (
    select * from mart.leads
    where ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
)
select 'lead' as stage, count(*) filter (cycle = 1) as entered, count(*) filter (cycle > 1) as returning,
    count(*) filter (cycle = 1 and customer_type = 'existing') as existing,
    0::bigint as imputed
from chosen where created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
union all
select 'mql' as stage, count(*) filter (cycle = 1) as entered, count(*) filter (cycle > 1) as returning,
    count(*) filter (cycle = 1 and customer_type = 'existing') as existing,
    count(*) filter (cycle = 1 and contains(imputed_stages, 'mql')) as imputed
from chosen where mql_at >= $date_from::timestamptz and mql_at < $date_until::timestamptz
union all
select 'sal' as stage, count(*) filter (cycle = 1) as entered, count(*) filter (cycle > 1) as returning,
    count(*) filter (cycle = 1 and customer_type = 'existing') as existing,
    count(*) filter (cycle = 1 and contains(imputed_stages, 'sal')) as imputed
from chosen where sal_at >= $date_from::timestamptz and sal_at < $date_until::timestamptz
union all
select 'sql' as stage, count(*) filter (cycle = 1) as entered, count(*) filter (cycle > 1) as returning,
    count(*) filter (cycle = 1 and customer_type = 'existing') as existing,
    count(*) filter (cycle = 1 and contains(imputed_stages, 'sql')) as imputed
from chosen where sql_at >= $date_from::timestamptz and sql_at < $date_until::timestamptz
union all
select 'opportunity' as stage, count(*) filter (cycle = 1) as entered, count(*) filter (cycle > 1) as returning,
    count(*) filter (cycle = 1 and customer_type = 'existing') as existing,
    count(*) filter (cycle = 1 and contains(imputed_stages, 'opportunity')) as imputed
from chosen where opportunity_at >= $date_from::timestamptz and opportunity_at < $date_until::timestamptz
union all
select 'won' as stage, count(*) filter (cycle = 1) as entered, count(*) filter (cycle > 1) as returning,
    count(*) filter (cycle = 1 and customer_type = 'existing') as existing,
    0::bigint as imputed
from chosen where won_at >= $date_from::timestamptz and won_at < $date_until::timestamptz
