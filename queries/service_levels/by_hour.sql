-- question:   At which hour of the week are leads handed over that are then answered too late?
-- grain:      one row per weekday and hour of the handover
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    weekday bigint (1 = Monday), hour bigint (local), handovers bigint, met bigint, breached bigint
-- definition: Handovers whose answer was due in the period, by weekday and local hour at which sales was given the
--             lead.
-- terms:      response.minutes, response.target
select
    assigned_weekday as weekday,
    assigned_hour as hour,
    count(*) as handovers,
    count(*) filter (status = 'met') as met,
    count(*) filter (status = 'breached') as breached
from mart.handovers
where due_at >= $date_from::timestamptz and due_at < $date_until::timestamptz and not is_date_only
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
group by weekday, hour
order by weekday, hour
