-- question:   Of the leads created in a month, how many reached each stage within the horizon?
-- grain:      one row per month of creation and age in days
-- reads:      mart.leads, meta.build
-- params:     target varchar (stage), horizon_days bigint, date_from date (created), date_until date (created, exclusive),
--             team varchar (null = all), segment varchar (null = all), customers varchar (new, existing, all or null = both)
-- returns:    month_start date, age_days bigint, lead bigint, mql bigint, sal bigint, sql bigint, opportunity bigint,
--             won bigint, reached bigint, gone bigint, waiting bigint
-- definition: Cohort funnel: first cycles by month of creation, and of them those that reached the stage within the
--             horizon. `reached`, `gone` and `waiting` tell what became of them on the way to the target stage.
-- terms:      funnel.cohort_horizon_quantile, funnel.cohort_horizon_days, funnel.minimum_age_completeness
with chosen as (
    select
        *,
        epoch_us(created_at) as begun,
        (epoch_us((select any_value(as_of) from meta.build)) - epoch_us(created_at)) // 86400000000 as age_days,
        case $target when 'mql' then mql_at when 'sal' then sal_at when 'sql' then sql_at when 'won' then won_at else opportunity_at end as target_at
    from mart.leads
    where created_at >= $date_from::timestamptz and created_at < $date_until::timestamptz
      and cycle = 1
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
)
select
    month_start,
    age_days,
    count(*) as lead,
    count(*) filter (epoch_us(mql_at) - begun <= $horizon_days * 86400000000) as mql,
    count(*) filter (epoch_us(sal_at) - begun <= $horizon_days * 86400000000) as sal,
    count(*) filter (epoch_us(sql_at) - begun <= $horizon_days * 86400000000) as sql,
    count(*) filter (epoch_us(opportunity_at) - begun <= $horizon_days * 86400000000) as opportunity,
    count(*) filter (epoch_us(won_at) - begun <= $horizon_days * 86400000000) as won,
    count(*) filter (epoch_us(target_at) - begun <= $horizon_days * 86400000000) as reached,
    count(*) filter (target_at is null and closed_at is not null) as gone,
    count(*) filter (target_at is null and closed_at is null) as waiting
from chosen
group by month_start, age_days
order by month_start, age_days desc
