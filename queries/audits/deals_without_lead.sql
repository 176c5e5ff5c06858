-- question: Which deals name a lead that no export holds?
-- grain:    one row per deal
-- reads:    canonical.deals, canonical.leads
-- severity: warn
select deals.deal_id, deals.lead_id
from canonical.deals as deals
left join canonical.leads as leads on leads.lead_id = deals.lead_id
where deals.lead_id is not null and leads.lead_id is null
