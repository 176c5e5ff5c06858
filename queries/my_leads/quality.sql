-- question:   How good were the leads of each source so far?
-- grain:      one row per lead source
-- reads:      mart.handovers
-- params:     date_from date, date_until date (exclusive)
-- returns:    source varchar, decided bigint, accepted bigint, opportunities bigint
-- definition: Leads handed over in the period and decided; accepted includes acceptance by silence. Of all teams.
-- terms:      acceptance.deadline_minutes
select
    source,
    count(*) filter (decision in ('accepted', 'silent', 'rejected')) as decided,
    count(*) filter (decision in ('accepted', 'silent')) as accepted,
    count(*) filter (decision in ('accepted', 'silent', 'rejected') and opportunity_at is not null) as opportunities
from mart.handovers
where handed_at >= $date_from::timestamptz and handed_at < $date_until::timestamptz and source is not null
group by source
order by source
