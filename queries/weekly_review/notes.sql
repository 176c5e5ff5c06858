-- question:   What happened on which day?
-- grain:      one row per note
-- reads:      mart.notes
-- returns:    day date, text varchar, kind varchar (campaign, fair, outage, price, other)
-- definition: Notes that people put on a day in the dashboard, as far as they stand.
select day, text, kind
from mart.notes
order by day, text
