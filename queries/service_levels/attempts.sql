-- question:   Are leads that do not answer tried again as often as agreed?
-- grain:      one row per week of the handover
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    week_start date, judged bigint, kept bigint, attempts bigint, still_open bigint
-- definition: Kept: the agreed number of human attempts within the agreed working days, or reached or decided before.
--             Judged are handovers that kept it or whose days are over.
-- terms:      response.attempts, response.attempts_within_working_days
select
    assigned_week_start as week_start,
    count(*) filter (is_attempts_kept is not null) as judged,
    count(*) filter (is_attempts_kept) as kept,
    coalesce(sum(attempts) filter (is_attempts_kept is not null), 0)::bigint as attempts,
    count(*) filter (is_attempts_kept is null) as still_open
from mart.handovers
where assigned_at >= $date_from::timestamptz and assigned_at < $date_until::timestamptz
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
group by week_start
order by week_start
