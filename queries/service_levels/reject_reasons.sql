-- question:   Why does sales reject leads?
-- grain:      one row per reason
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             source varchar (null = all), lead_type varchar (null = all)
-- returns:    reject_reason varchar (null = none was given), leads bigint
-- definition: Leads rejected in the period within the deadline, by the reason sales gave.
-- terms:      acceptance.reject_reasons
select reject_reason, count(*) as leads
from mart.handovers
where decision = 'rejected'
  and decided_at >= $date_from::timestamptz and decided_at < $date_until::timestamptz
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
  and ($source is null or source = $source) and ($lead_type is null or lead_type = $lead_type)
group by reject_reason
order by leads desc, reject_reason
