-- question:   How much was won up to the same point of this quarter and of the six before it, and by their end?
-- grain:      one row per quarter
-- reads:      mart.deals
-- params:     date_until date (Monday after the judged week), quarter_until date (exclusive end of its fiscal quarter)
-- returns:    quarter_from date, until date (exclusive), quarter_until date (exclusive), won_before double,
--             won double, first_day date (of the whole record)
-- definition: The same point is as many days before the end of the quarter, cut to whole weeks.
-- terms:      company.fiscal_year_start_month
-- kpis:       won_revenue, coverage
with quarters as (
    select
        ($quarter_until::date - to_months((back * 3 + 3)::integer))::date as quarter_from,
        ($quarter_until::date - to_months((back * 3)::integer))::date as quarter_until,
        date_trunc('week', ($quarter_until::date - to_months((back * 3)::integer))::date
            - ($quarter_until::date - $date_until::date)::integer)::date as until
    from range(7) as b(back)
),
won as ( -- added up by quarters of an hour, on which midnights of all zones lie, before they are held against the quarters
    select make_timestamptz(900000000 * (epoch_us(won_at) // 900000000)) as won_at, sum(amount) as amount
    from mart.deals
    where won_at >= (select min(quarter_from) from quarters)::timestamptz
    group by 1
)
select
    q.quarter_from,
    q.until,
    q.quarter_until,
    coalesce(sum(d.amount) filter (d.won_at < q.until::timestamptz), 0)::double as won_before,
    coalesce(sum(d.amount), 0)::double as won,
    (select min(coalesce(won_at, created_at))::date from mart.deals) as first_day
from quarters as q
left join won as d
    on d.won_at >= q.quarter_from::timestamptz and d.won_at < q.quarter_until::timestamptz
group by q.quarter_from, q.until, q.quarter_until
order by q.quarter_from
