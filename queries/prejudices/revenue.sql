-- question:   How much did sales win?
-- grain:      one row per fiscal quarter
-- reads:      mart.deals
-- params:     date_from date, date_until date (exclusive), fiscal_months bigint (months the fiscal quarters lie after the calendar's)
-- returns:    quarter_start date, won double, squares double, deals bigint
-- definition: Amount of the deals won in the quarter; the target of each quarter is the one agreed on its first day.
-- terms:      prejudices.revenue_attainment, targets.won_revenue
-- kpis:       won_revenue
select
    (date_trunc('quarter', won_at - to_months($fiscal_months::integer)) + to_months($fiscal_months::integer))::date
        as quarter_start,
    coalesce(sum(amount), 0)::double as won,
    coalesce(sum(amount::double ** 2), 0)::double as squares,
    count(*) as deals
from mart.deals
where won_at >= $date_from::timestamptz and won_at < $date_until::timestamptz
group by 1
order by 1
