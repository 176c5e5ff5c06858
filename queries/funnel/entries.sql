-- question:   How many leads entered each stage in the period?
-- grain:      one row per stage
-- reads:      mart.stage_days
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    stage varchar, entered bigint, returning bigint, existing bigint, imputed bigint, out_of_order bigint
-- definition: Period funnel: stage entries within the period, whenever the lead was created. The headline counts first
--             cycles; leads that came back after recycling are shown beside it. A skipped stage is imputed at the time
--             of the next one reached: it counts here and not in durations, like the entries of a lead with a step
--             before its creation.
with entries as (
    select
        stage::varchar as stage,
        sum(entered)::bigint as entered,
        sum(returned)::bigint as returned,
        (sum(entered) filter (customer_type = 'existing'))::bigint as existing,
        sum(imputed)::bigint as imputed,
        sum(out_of_order)::bigint as out_of_order
    from mart.stage_days
    where day >= $date_from and day < $date_until
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
    group by stage
)
select
    stage,
    coalesce(entered, 0) as entered,
    coalesce(returned, 0) as returning,
    coalesce(existing, 0) as existing,
    coalesce(imputed, 0) as imputed,
    coalesce(out_of_order, 0) as out_of_order
from unnest(['lead', 'mql', 'sal', 'sql', 'opportunity', 'won']) as stages (stage)
left join entries using (stage)
order by list_position(['lead', 'mql', 'sal', 'sql', 'opportunity', 'won'], stage)
