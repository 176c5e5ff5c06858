-- question:   What became of the leads of each source, and were they answered as promised?
-- grain:      one row per lead source, campaign, segment, region or company size
-- reads:      mart.handovers, mart.leads, canonical.campaigns
-- params:     dimension varchar (source, campaign, segment, region, size), handed_from date, handed_until date (exclusive),
--             team varchar (null = all), segment varchar (null = all)
-- returns:    name varchar, channel varchar, leads bigint, accepted bigint, contacted bigint, opportunities bigint, won bigint,
--             due bigint, met bigint, opportunities_met bigint, days_to_opportunity double, priced bigint,
--             log_amounts double, log_squares double, fit_known bigint, fitting bigint
-- definition: Leads handed over to sales in the stretch, all old enough to be judged. Due and met: answers with a clock, and
--             those within the promise; `opportunities_met` are the opportunities among them. `priced` won leads have an
--             amount; the logarithms of the amounts are added up, and their squares. Fitting: of the leads of which it is
--             known, those whose company is one of the agreed target customers.
-- terms:      response.minutes, funnel.cohort_horizon_days, target_customer.segments, target_customer.regions,
--             target_customer.employees_bands, target_customer.industries
select
    case $dimension
        when 'campaign' then campaigns.name when 'segment' then handovers.segment when 'region' then leads.region
        when 'size' then leads.employees_band else handovers.source
    end as name,
    any_value(handovers.channel) as channel,
    count(*) as leads,
    count(*) filter (handovers.decision = 'accepted') as accepted,
    count(handovers.contacted_at) as contacted,
    count(handovers.opportunity_at) as opportunities,
    count(leads.won_at) as won,
    count(*) filter (handovers.status in ('met', 'breached')) as due,
    count(*) filter (handovers.status = 'met') as met,
    count(handovers.opportunity_at) filter (handovers.status = 'met') as opportunities_met,
    median(leads.opportunity_days) filter (leads.is_in_time_order)::double as days_to_opportunity,
    count(*) filter (leads.amount > 0) as priced,
    coalesce(sum(ln(leads.amount::double)) filter (leads.amount > 0), 0) as log_amounts,
    coalesce(sum(ln(leads.amount::double) ** 2) filter (leads.amount > 0), 0) as log_squares,
    count(leads.fits_target_customer) as fit_known,
    count(*) filter (leads.fits_target_customer) as fitting
from mart.handovers
join mart.leads on leads.lead_id = handovers.lead_id and leads.cycle = handovers.cycle
left join canonical.campaigns on campaigns.campaign_id = handovers.campaign_id
where handovers.handed_at >= $handed_from::timestamptz and handovers.handed_at < $handed_until::timestamptz
  and handovers.assigned_at is not null
  and ($team is null or handovers.team = $team) and ($segment is null or handovers.segment = $segment)
group by 1
having name is not null
order by leads desc, name
