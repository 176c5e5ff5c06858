-- question:   How many accepted leads did marketing deliver, week by week, against what it promised?
-- grain:      one row per unit and week
-- reads:      mart.promise_days
-- params:     date_from date, date_until date (exclusive), team varchar (null = the company)
-- returns:    unit varchar (count, value), week_start date, promised double, delivered double, silent double
-- definition: Accepted leads, those by silence included and told apart, against a line over the working days of the
--             fiscal quarter; by count, and by the agreed value per kind of lead. A lead counts once, in its first
--             cycle.
-- terms:      delivery, acceptance.deadline_minutes, company.fiscal_year_start_month
with steps as (
    select
        unit, day,
        target_to_date - lag(target_to_date, 1, 0) over quarter as promised,
        delivered_to_date - lag(delivered_to_date, 1, 0) over quarter as delivered,
        silent_to_date - lag(silent_to_date, 1, 0) over quarter as silent
    from mart.promise_days
    where team is not distinct from $team
    window quarter as (partition by unit, period_start order by day)
)
select
    unit,
    date_trunc('week', day)::date as week_start,
    sum(promised) as promised,
    sum(delivered)::double as delivered,
    sum(silent)::double as silent
from steps
where day >= $date_from and day < $date_until and delivered is not null
group by unit, week_start
order by unit, week_start
