-- question:   Of the leads created in a month, how many reached each stage within the horizon?
-- grain:      one row per month of creation and age in days
-- reads:      mart.leads
-- params:     target varchar (stage), horizon_days bigint, date_from date (created), date_until date (created, exclusive),
--             team varchar (null = all), segment varchar (null = all), customers varchar (new, existing, all or null = both)
-- returns:    month_start date, age_days bigint, lead bigint, mql bigint, sal bigint, sql bigint, opportunity bigint,
--             won bigint, reached bigint, gone bigint, waiting bigint
-- definition: Cohort funnel: first cycles by month of creation, and of them those that reached the stage within the
--             horizon. `reached`, `gone` and `waiting` tell what became of them on the way to the target stage.
-- terms:      funnel.cohort_horizon_quantile, funnel.cohort_horizon_days, funnel.minimum_age_completeness
with chosen as (
    select
        month_start,
        age_days,
        -- who reached a stage has reached all before it: one number says how far a lead got within the horizon
        case
            when won_days <= $horizon_days then 5
            when opportunity_days <= $horizon_days then 4
            when sql_days <= $horizon_days then 3
            when sal_days <= $horizon_days then 2
            when mql_days <= $horizon_days then 1
            else 0
        end as steps,
        case
            when case $target when 'mql' then mql_days when 'sal' then sal_days when 'sql' then sql_days
                when 'won' then won_days else opportunity_days end is not null then 'there'
            when closed_at is not null then 'gone'
            else 'waiting'
        end as fate
    from mart.leads
    where created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
      and cycle = 1
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
), counted as (
    select month_start, age_days, steps, fate, count(*) as leads from chosen group by all
)
select
    month_start,
    age_days::bigint as age_days,
    sum(leads)::bigint as lead,
    coalesce(sum(leads) filter (steps >= 1), 0)::bigint as mql,
    coalesce(sum(leads) filter (steps >= 2), 0)::bigint as sal,
    coalesce(sum(leads) filter (steps >= 3), 0)::bigint as sql,
    coalesce(sum(leads) filter (steps >= 4), 0)::bigint as opportunity,
    coalesce(sum(leads) filter (steps >= 5), 0)::bigint as won,
    coalesce(sum(leads) filter (
        steps >= case $target when 'mql' then 1 when 'sal' then 2 when 'sql' then 3 when 'won' then 5 else 4 end
    ), 0)::bigint as reached,
    coalesce(sum(leads) filter (fate = 'gone'), 0)::bigint as gone,
    coalesce(sum(leads) filter (fate = 'waiting'), 0)::bigint as waiting
from counted
group by month_start, age_days
order by month_start, age_days desc
