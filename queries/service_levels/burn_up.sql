-- question:   How far has marketing come with the accepted leads it promised for the quarter?
-- grain:      one row per unit and day of the quarter
-- reads:      mart.promise_days
-- params:     day date (of the quarter to show), team varchar (null = the company)
-- returns:    unit varchar (count, value), day date, is_working_day boolean, target_to_date double, delivered_to_date
--             double (null = to come), silent_to_date double, target double, period_start date, period_end date
--             (exclusive)
-- definition: Accepted leads, those by silence included and told apart, against a line over the working days of the
--             fiscal quarter; by count, and by the agreed value per kind of lead. A lead counts once, in its first
--             cycle.
-- terms:      delivery, acceptance.deadline_minutes, company.fiscal_year_start_month
-- kpis:       marketing_attainment, accepted_leads
select
    unit, day, is_working_day, target_to_date, delivered_to_date::double as delivered_to_date,
    silent_to_date::double as silent_to_date, target, period_start, period_end
from mart.promise_days
where period_start <= $day and period_end > $day and team is not distinct from $team
order by unit, day
