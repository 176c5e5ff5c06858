-- question:   Which channels, segments or teams carry a stage on, and how fast?
-- grain:      one row per value of the dimension, number of days and outcome
-- reads:      mart.stage_stays
-- params:     stage varchar (entered in the period), dimension varchar (channel, segment, team), date_from date,
--             date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    name varchar, days bigint, outcome varchar, leads bigint, timed bigint
-- definition: First cycles that entered the stage in the period, by what became of them: advanced to the next stage, left,
--             or waiting; `timed` are those whose days in the stage are known (not imputed, in time order).
-- terms:      funnel.minimum_at_risk
with counted as (
    select
        case $dimension when 'segment' then segment when 'team' then team else channel end as name,
        days,
        outcome,
        sum(leads)::bigint as leads,
        sum(timed)::bigint as timed
    from mart.stage_stays
    where stage = $stage and entered_day >= $date_from and entered_day < $date_until
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
    group by all
)
select name, days::bigint as days, outcome::varchar as outcome, leads, timed
from counted
order by 1, 2, 3
