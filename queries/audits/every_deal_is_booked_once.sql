-- question: Did any deal get lost or doubled between the canonical table and the mart?
-- grain:    one row per deal that is missing or doubled
-- reads:    canonical.deals, mart.deals
-- severity: fail
select coalesce(told.deal_id, judged.deal_id) as deal_id, count(judged.deal_id) as times
from canonical.deals as told
full join mart.deals as judged on judged.deal_id = told.deal_id
group by 1, told.deal_id
having told.deal_id is null or count(judged.deal_id) <> 1
