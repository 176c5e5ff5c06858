-- question: Is every lead cycle counted once?
-- grain:    one row per lead cycle counted more than once
-- reads:    mart.leads
-- severity: fail
select lead_id, cycle, count(*) as times
from mart.leads
group by lead_id, cycle
having count(*) > 1
