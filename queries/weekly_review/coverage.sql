-- question:   How much open pipeline was due by the end of the quarter, and how much had been won in it, week by week?
-- grain:      one row per week
-- reads:      mart.pipeline_weeks, mart.deals
-- params:     date_from date (Monday), date_until date (exclusive), quarter_shift_months bigint (how many months the
--             fiscal quarters begin after the calendar's)
-- returns:    week_start date, quarter_from date, quarter_until date (exclusive), open_due double, won double
-- definition: Amount of the deals open at the end of the week that are expected to close by the end of the fiscal
--             quarter of its Sunday, overdue ones included; and the amount won in that quarter up to that Sunday.
-- terms:      targets.won_revenue, company.fiscal_year_start_month
-- kpis:       coverage
with weeks as (
    select
        week_start::date as week_start,
        (date_trunc('quarter', week_start + interval 6 day - to_months($quarter_shift_months::integer))
            + to_months($quarter_shift_months::integer))::date as quarter_from
    from generate_series($date_from::timestamp, $date_until::timestamp - interval 1 day, interval 7 day) as w(week_start)
),
due as (
    select weeks.week_start, sum(p.amount)::double as amount
    from weeks
    join mart.pipeline_weeks as p
        on p.week_start = weeks.week_start and p.is_open and p.stage not in ('won', 'lost')
        and p.expected_close_date < weeks.quarter_from + interval 3 month
    where p.week_start >= $date_from and p.week_start < $date_until
    group by weeks.week_start
),
won as (
    select weeks.week_start, sum(d.amount)::double as amount
    from weeks
    join mart.deals as d
        on d.won_at >= weeks.quarter_from::timestamptz
        and d.won_at < (weeks.week_start + interval 7 day)::timestamptz
    group by weeks.week_start
)
select
    weeks.week_start,
    weeks.quarter_from,
    (weeks.quarter_from + interval 3 month)::date as quarter_until,
    coalesce(due.amount, 0) as open_due,
    coalesce(won.amount, 0) as won
from weeks
left join due on due.week_start = weeks.week_start
left join won on won.week_start = weeks.week_start
order by weeks.week_start
