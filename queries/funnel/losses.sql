-- question:   At which stage did leads leave without a deal being won in the period?
-- grain:      one row per furthest stage reached and way of leaving
-- reads:      mart.leads
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    stage varchar, closed_as varchar, leads bigint
-- definition: First cycles closed in the period as lost, disqualified or recycled, by the furthest stage they had reached.
with counted as ( -- by number first: grouping a million rows by words costs twice as much
    select
        case
            when opportunity_at is not null then 5 when sql_at is not null then 4
            when sal_at is not null then 3 when mql_at is not null then 2 else 1
        end as stage_number,
        case closed_as when 'lost' then 1 when 'disqualified' then 2 else 3 end as way,
        count(*) as leads
    from mart.leads
    where closed_at >= $date_from::timestamptz and closed_at < $date_until::timestamptz
      and closed_as <> 'won' and cycle = 1
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
      and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
    group by all
)
select
    ['lead', 'mql', 'sal', 'sql', 'opportunity'][stage_number] as stage,
    ['lost', 'disqualified', 'recycled'][way] as closed_as,
    leads
from counted
order by leads desc, stage, closed_as
