-- question:   How many handovers were answered within the promised time, week by week?
-- grain:      one row per week in which answers were due
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    week_start date, due bigint, met bigint, breached bigint, pending bigint, excused bigint
-- definition: Attainment = met ÷ (met + breached) of the handovers whose answer was due in the period. Overdue and
--             unanswered is breached; not yet due is pending and outside; excused by the other side is outside.
-- terms:      response.minutes, response.target
-- kpis:       follow_up_attainment
select
    due_week_start as week_start,
    count(*) filter (status in ('met', 'breached')) as due,
    count(*) filter (status = 'met') as met,
    count(*) filter (status = 'breached') as breached,
    count(*) filter (status = 'pending') as pending,
    count(*) filter (status = 'excused') as excused
from mart.handovers
where due_at >= $date_from::timestamptz and due_at < $date_until::timestamptz and not is_date_only
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
group by due_week_start
order by week_start
