-- question:   What did sales decide about the leads handed over in the period?
-- grain:      one row per week and decision
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    week_start date, decision varchar (accepted, rejected, silent, open), leads bigint, on_time bigint
-- definition: Accept, or reject with a reason, within the deadline. Silence at the deadline counts as accepted and is
--             told apart; a later reject does not undo it. On time: decided by the deadline.
-- terms:      acceptance.deadline_minutes
select
    handed_week_start as week_start,
    decision,
    count(*) as leads,
    count(*) filter (decision in ('accepted', 'rejected') and decided_at <= decision_due_at) as on_time
from mart.handovers
where handed_at >= $date_from::timestamptz and handed_at < $date_until::timestamptz
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
group by week_start, decision
order by week_start, decision
