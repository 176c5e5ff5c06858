-- question:   How many accepted leads did marketing deliver, against its promise?
-- grain:      one row per fiscal quarter
-- reads:      mart.promise_days
-- params:     date_from date, date_until date (exclusive)
-- returns:    quarter_start date, delivered double, promised double
-- definition: Accepted leads of the quarter, those accepted by silence included, and the number promised for it.
-- terms:      prejudices.too_few_leads_attainment, prejudices.revenue_leads_attainment, delivery
-- kpis:       accepted_leads
select
    period_start as quarter_start,
    max(delivered_to_date)::double as delivered,
    max(target_to_date)::double as promised
from mart.promise_days
where unit = 'count' and team is null and delivered_to_date is not null
  and period_start >= $date_from and period_start < $date_until
group by period_start
order by period_start
