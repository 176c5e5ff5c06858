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
        epoch_us((select least($seen_until::timestamptz, any_value(as_of)) from meta.build)) as seen
    from mart.leads
    where created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
      and cycle = 1 and is_in_time_order
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
), coded as ( -- days and outcome in one number: grouped by one, a million rows take a fifth less time than by two
    select
        case
            when reached < seen then 3 * greatest((reached - begun) // 86400000000, 0) + 1
            when reached is null and closed < seen then 3 * greatest((closed - begun) // 86400000000, 0) + 2
            else 3 * greatest((seen - begun) // 86400000000, 0)
        end as code
    from chosen
), counted as (
    select code, count(*) as leads from coded group by code
)
select code // 3 as days, ['converted', 'left'][code % 3] as outcome, leads
from counted
order by days, outcome
