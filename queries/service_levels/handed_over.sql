-- question:   What became of the leads marketing handed over in the period?
-- grain:      one row
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    handed_over bigint, met bigint, breached bigint, pending bigint, excused bigint, unassigned bigint,
--             date_only bigint
-- definition: By the moment of the handover; a lead that is qualified but not assigned counts when it was qualified.
--             Handed over = met + breached + pending + excused + unassigned; handovers known by their day only have no
--             clock and stand beside.
-- terms:      acceptance.routing_owner
select
    count(*) filter (not is_date_only) as handed_over,
    count(*) filter (status = 'met') as met,
    count(*) filter (status = 'breached') as breached,
    count(*) filter (status = 'pending') as pending,
    count(*) filter (status = 'excused') as excused,
    count(*) filter (status = 'unassigned') as unassigned,
    count(*) filter (is_date_only) as date_only
from mart.handovers
where handed_at >= $date_from::timestamptz and handed_at < $date_until::timestamptz
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
