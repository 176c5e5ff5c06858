-- question:   What became of the deals that were open at the same point of this quarter and of the six before it?
-- grain:      one row per quarter and stage
-- reads:      mart.pipeline_weeks, mart.deals
-- params:     date_until date (Monday after the judged week), quarter_until date (exclusive end of its fiscal quarter)
-- returns:    quarter_from date, stage varchar, deals bigint, won bigint, amount double, won_amount double,
--             due_amount double, due_won_amount double, squares double (sum of squared amounts)
-- definition: Open at the end of the last week that was over as many days before the end of the quarter as now; won by
--             the end of that quarter. “Due”: expected to close in it.
-- terms:      company.fiscal_year_start_month
-- kpis:       coverage, won_revenue
with quarters as (
    select
        ($quarter_until::date - to_months((back * 3 + 3)::integer))::date as quarter_from,
        ($quarter_until::date - to_months((back * 3)::integer))::date as quarter_until,
        date_trunc('week', ($quarter_until::date - to_months((back * 3)::integer))::date
            - ($quarter_until::date - $date_until::date)::integer)::date as until
    from range(7) as b(back)
),
moments as ( -- the closing as a moment: cast here it costs seven casts, below one per deal
    select *, (until - 7)::date as week_start, quarter_until::timestamptz as closing from quarters
)
select
    m.quarter_from,
    p.stage,
    count(*) as deals,
    count(*) filter (d.won_at < m.closing) as won,
    coalesce(sum(p.amount), 0)::double as amount,
    coalesce(sum(d.amount) filter (d.won_at < m.closing), 0)::double as won_amount,
    coalesce(sum(p.amount) filter (p.expected_close_date < m.quarter_until), 0)::double as due_amount,
    coalesce(sum(d.amount) filter (
        p.expected_close_date < m.quarter_until and d.won_at < m.closing
    ), 0)::double as due_won_amount,
    coalesce(sum(p.amount::double * p.amount::double), 0)::double as squares
from moments as m
join mart.pipeline_weeks as p on p.week_start = m.week_start and p.is_open and p.stage not in ('won', 'lost')
join mart.deals as d on d.deal_id = p.deal_id
group by m.quarter_from, p.stage
order by m.quarter_from, p.stage
