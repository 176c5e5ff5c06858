-- question: Is handed over = met + breached + pending + excused + unassigned, for every week, team and source?
-- grain:    one row per week, team and source that does not add up
-- reads:    mart.handovers
-- severity: fail
select handed_week_start, team, source, count(*) as handed_over
from mart.handovers
where not is_date_only
group by handed_week_start, team, source
having count(*) is distinct from
    count(*) filter (status = 'met') + count(*) filter (status = 'breached') + count(*) filter (status = 'pending')
    + count(*) filter (status = 'excused') + count(*) filter (status = 'unassigned')
   or count(*) filter ((status = 'unassigned') <> (assigned_at is null)) > 0
   or count(*) filter ((status = 'excused') <> (excuse is not null)) > 0
