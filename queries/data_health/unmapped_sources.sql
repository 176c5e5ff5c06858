-- question:   Which lead sources does no mapping translate into a channel?
-- grain:      one row per source as the CRM says it
-- reads:      mart.leads
-- returns:    source varchar, leads bigint
-- definition: These leads count under the channel “other”. One line under [values.channel] of the mapping file gives
--             a source its channel.
select source, count(*) as leads
from mart.leads
where cycle = 1 and source is not null and (channel is null or channel = 'other')
group by source
order by leads desc, source
limit 200
