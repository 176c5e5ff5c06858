-- question: Has every lead cycle that marketing qualified exactly one handover, and every handover its lead cycle?
-- grain:    one row per lead cycle that breaks it
-- reads:    mart.leads, mart.handovers
-- severity: fail
select lead_id, cycle, handovers
from (
    select lead_id, cycle, count(*) as handovers from mart.handovers group by lead_id, cycle
) as handed
full join (
    select lead_id, cycle, mql_at is not null and not contains(imputed_stages, 'mql') as is_qualified
    from mart.leads
) as leads using (lead_id, cycle)
where handovers > 1 or is_qualified is null or (is_qualified and handovers is null)
