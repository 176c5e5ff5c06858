-- question:   Which records does this build know, and which go by another's id?
-- grain:      one row per record
-- reads:      mart.leads, mart.deals, mart.handovers, canonical.merges
-- returns:    record_id varchar (kind and id), is_merged boolean
-- definition: Every lead, deal and handover of the build; and every lead, deal and handover that counts as another one.
select 'lead:' || lead_id as record_id, false as is_merged
from mart.leads
where cycle = 1
union all
select 'deal:' || deal_id, false
from mart.deals
union all
select 'lead:' || lead_id || '#' || cycle, false
from mart.handovers
union all
select kind || ':' || from_id, true
from canonical.merges
where kind in ('lead', 'deal')
union all
select 'lead:' || from_id || '#' || cycle, true
from canonical.merges cross join range(1, 6) as r(cycle)
where kind = 'lead'
order by record_id
