-- question: Which owners are not in the list of employees? Their leads and deals have no team.
-- grain:    one row per owner
-- reads:    canonical.leads, canonical.deals, canonical.employees
-- severity: warn
select owner_id, count(*) as records
from (select owner_id from canonical.leads union all select owner_id from canonical.deals) as owned
where owner_id is not null and owner_id not in (select employee_id from canonical.employees)
group by owner_id
