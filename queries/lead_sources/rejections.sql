-- question:   Why does sales reject the leads of each source?
-- grain:      one row per source (campaign, segment, region or company size), decision and reason
-- reads:      mart.handovers, mart.leads, canonical.campaigns
-- params:     dimension varchar (source, campaign, segment, region, size), handed_from date, handed_until date (exclusive),
--             team varchar (null = all), segment varchar (null = all)
-- returns:    name varchar, decision varchar, reject_reason varchar (null = none was given), leads bigint
-- definition: Handovers that sales accepted or rejected within the deadline, the rejected ones by the reason sales gave.
--             Accepted by silence is no decision and is left out.
-- terms:      acceptance.deadline_minutes, acceptance.reject_reasons
with named as (
    select
        case $dimension
            when 'campaign' then campaigns.name when 'segment' then handovers.segment
            when 'region' then leads.region when 'size' then leads.employees_band else handovers.source
        end as source_name,
        handovers.decision,
        handovers.reject_reason
    from mart.handovers
    left join mart.leads
        on $dimension in ('region', 'size') and leads.lead_id = handovers.lead_id and leads.cycle = handovers.cycle
    left join canonical.campaigns on campaigns.campaign_id = handovers.campaign_id
    where handovers.handed_at >= $handed_from::timestamptz and handovers.handed_at < $handed_until::timestamptz
      and handovers.decision in ('accepted', 'rejected')
      and ($team is null or handovers.team = $team) and ($segment is null or handovers.segment = $segment)
)
select
    source_name as name, decision::varchar as decision, reject_reason::varchar as reject_reason, count(*) as leads
from named
where source_name is not null
group by source_name, decision, reject_reason
order by source_name, decision, reject_reason
