-- question:   How far had marketing come with its promise on a day?
-- grain:      one row per unit
-- reads:      mart.promise_days
-- params:     day date
-- returns:    unit varchar (count, value), target_to_date double, delivered_to_date double (null = to come),
--             target double
-- definition: Accepted leads of the fiscal quarter up to the day against the line over its working days, by count and
--             by agreed value; those accepted by silence included.
-- terms:      delivery
-- kpis:       accepted_leads, marketing_attainment
select unit, target_to_date, delivered_to_date::double as delivered_to_date, target
from mart.promise_days
where day = $day and team is null
order by unit
