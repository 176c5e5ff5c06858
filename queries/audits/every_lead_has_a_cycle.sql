-- question: Did any lead get lost between the canonical table and the mart?
-- grain:    one row per lead that is in one and not in the other
-- reads:    canonical.leads, mart.leads
-- severity: fail
select coalesce(told.lead_id, judged.lead_id) as lead_id
from canonical.leads as told
full join (select lead_id from mart.leads where cycle = 1) as judged on judged.lead_id = told.lead_id
where told.lead_id is null or judged.lead_id is null
