-- question:   What became of the leads marketing handed over, source by source?
-- grain:      one row per lead source
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    source varchar, handed bigint, accepted bigint, silent bigint, rejected bigint, undecided bigint,
--             opportunities bigint
-- definition: Every lead handed over in the period is accepted, accepted by silence, rejected or undecided.
-- terms:      acceptance.deadline_minutes
select
    source,
    count(*) as handed,
    count(*) filter (decision = 'accepted') as accepted,
    count(*) filter (decision = 'silent') as silent,
    count(*) filter (decision = 'rejected') as rejected,
    count(*) filter (decision = 'open') as undecided,
    count(*) filter (opportunity_at is not null) as opportunities
from mart.handovers
where handed_at >= $date_from::timestamptz and handed_at < $date_until::timestamptz
  and ($team is null or team = $team) and ($segment is null or segment = $segment)
group by source
order by handed desc, source
