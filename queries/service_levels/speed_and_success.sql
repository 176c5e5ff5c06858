-- question:   Are leads that are answered fast accepted more often?
-- grain:      one row per kind of lead and stretch of response time
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    lead_type varchar, slowest_minutes bigint (up to so many business minutes; null = slower), handovers
--             bigint, accepted bigint
-- definition: Handovers of the period that a person attempted to answer and that are decided, by the business minutes
--             until the first attempt. Accepted by sales in so many words, not by silence. A rejection without an
--             attempt is no answer and stays outside.
select
    lead_type,
    [60, 240, 480, 960, null][
        1 + (response_minutes > 60)::int + (response_minutes > 240)::int
        + (response_minutes > 480)::int + (response_minutes > 960)::int
    ]::bigint as slowest_minutes,
    count(*) as handovers,
    count(*) filter (decision = 'accepted') as accepted
from mart.handovers
where assigned_at >= $date_from::timestamptz and assigned_at < $date_until::timestamptz
  and response_minutes is not null and response_kind <> 'rejected' and decision <> 'open'
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
group by all
order by lead_type, slowest_minutes nulls last
