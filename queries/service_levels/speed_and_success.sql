-- question:   Do leads that are answered fast come further?
-- grain:      one row per stretch of response time
-- reads:      mart.handovers
-- params:     answered_before date (exclusive), team varchar (null = all), segment varchar (null = all), source varchar
--             (null = all), lead_type varchar (null = all)
-- returns:    slowest_minutes bigint (up to so many business minutes; null = slower, or never), handovers bigint,
--             accepted bigint, opportunities bigint
-- definition: Handovers assigned before the given day, by the business minutes until the first answer. Accepted by sales
--             in so many words, not by silence.
select
    [60, 240, 480, 960, null][
        1 + (coalesce(response_minutes, 1e9) > 60)::int + (coalesce(response_minutes, 1e9) > 240)::int
        + (coalesce(response_minutes, 1e9) > 480)::int + (coalesce(response_minutes, 1e9) > 960)::int
    ]::bigint as slowest_minutes,
    count(*) as handovers,
    count(*) filter (decision = 'accepted') as accepted,
    count(opportunity_at) as opportunities
from mart.handovers
where assigned_at < $answered_before::timestamptz and not is_date_only
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
group by slowest_minutes
order by slowest_minutes nulls last
