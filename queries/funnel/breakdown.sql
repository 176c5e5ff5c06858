-- question:   Which channels, segments or teams carry a stage on, and how fast?
-- grain:      one row per value of the dimension, number of days and outcome
-- reads:      mart.leads, meta.build
-- params:     stage varchar (entered in the period), dimension varchar (channel, segment, team), date_from date,
--             date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    name varchar, days bigint, outcome varchar, leads bigint, timed bigint
-- definition: First cycles that entered the stage in the period, by what became of them: advanced to the next stage, left,
--             or waiting; `timed` are those whose days in the stage are known (not imputed, in time order).
-- terms:      funnel.minimum_at_risk
with stays as (
    select
        case $dimension when 'segment' then segment when 'team' then team else channel end as name,
        case $stage when 'mql' then mql_at when 'sal' then sal_at when 'sql' then sql_at when 'opportunity' then opportunity_at
            when 'won' then won_at else created_at end as entered_at,
        case $stage when 'mql' then sal_at when 'sal' then sql_at when 'sql' then opportunity_at when 'opportunity' then won_at
            when 'won' then won_at else mql_at end as advanced_at,
        closed_at,
        is_in_time_order and not contains(imputed_stages, $stage) as is_timed
    from mart.leads
    where cycle = 1
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
), counted as ( -- by number first: grouping a million rows by words costs twice as much
    select
        name,
        (
            epoch_us(coalesce(advanced_at, closed_at, (select any_value(as_of) from meta.build))) - epoch_us(entered_at)
        ) // 86400000000 as days,
        case when advanced_at is not null then 1 when closed_at is not null then 2 else 3 end as fate,
        count(*) as leads,
        count(*) filter (is_timed) as timed
    from stays
    where entered_at >= $date_from::timestamptz and entered_at < $date_until::timestamptz
    group by all
)
select
    name,
    greatest(days, 0) as days,
    ['advanced', 'left', 'waiting'][fate] as outcome,
    sum(leads)::bigint as leads,
    sum(timed)::bigint as timed
from counted
group by all
order by name, days, outcome
