-- question:   After how many days do leads reach the stage, or leave without it?
-- grain:      one row per number of days and outcome
-- reads:      mart.leads, meta.build
-- params:     target varchar (stage), date_from date (created), date_until date (created, exclusive),
--             seen_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    days bigint, outcome varchar, leads bigint
-- definition: First cycles, whole days of 24 hours from creation to the stage (converted), to the closing without it
--             (left), or to the last day looked at (null: still open). Leads with a step before their creation take no part.
-- terms:      funnel.cohort_horizon_quantile, funnel.cohort_horizon_days
with chosen as (
    select
        epoch_us(created_at) as begun,
        epoch_us(case $target when 'mql' then mql_at when 'sal' then sal_at when 'sql' then sql_at when 'won' then won_at else opportunity_at end) as reached,
        epoch_us(closed_at) as closed,
        epoch_us(least($seen_until::timestamptz, (select any_value(as_of) from meta.build))) as seen
    from mart.leads
    where created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
      and cycle = 1 and is_in_time_order
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
), counted as ( -- by number first: grouping a million rows by words costs twice as much
    select
        (least(coalesce(reached, closed, seen), seen) - begun) // 86400000000 as days,
        case when reached < seen then 1 when reached is null and closed < seen then 2 end as fate,
        count(*) as leads
    from chosen
    group by all
)
select greatest(days, 0) as days, ['converted', 'left'][fate] as outcome, sum(leads)::bigint as leads
from counted
group by all
order by days, outcome
