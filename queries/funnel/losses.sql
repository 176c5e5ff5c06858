-- question:   At which stage did leads leave without a deal being won in the period?
-- grain:      one row per furthest stage reached and way of leaving
-- reads:      mart.stage_days
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    stage varchar, closed_as varchar, leads bigint
-- definition: First cycles closed in the period as lost, disqualified or recycled, by the furthest stage they had reached.
with left_by_way as (
    unpivot (
        select
            stage::varchar as stage,
            sum(lost)::bigint as lost,
            sum(disqualified)::bigint as disqualified,
            sum(recycled)::bigint as recycled
        from mart.stage_days
        where day >= $date_from and day < $date_until
          and ($team is null or team = $team) and ($segment is null or segment = $segment)
          and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
        group by stage
    )
    on lost, disqualified, recycled
    into name closed_as value leads
)
select stage, closed_as, leads
from left_by_way
where leads > 0
order by leads desc, stage, closed_as
