-- question:   At which stage did leads leave without a deal being won in the period?
-- grain:      one row per furthest stage reached and way of leaving
-- reads:      mart.leads
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             customers varchar (new, existing, all or null = both)
-- returns:    stage varchar, closed_as varchar, leads bigint
-- definition: First cycles closed in the period as lost, disqualified or recycled, by the furthest stage they had reached.
select
    case
        when opportunity_at is not null then 'opportunity'
        when sql_at is not null then 'sql'
        when sal_at is not null then 'sal'
        when mql_at is not null then 'mql'
        else 'lead'
    end as stage,
    closed_as,
    count(*) as leads
from mart.leads
where closed_at >= $date_from::timestamptz and closed_at < $date_until::timestamptz
  and closed_as <> 'won' and cycle = 1
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and (coalesce($customers, 'all') = 'all' or customer_type = $customers)
group by all
order by leads desc, stage, closed_as
