-- question: How many touches belong to no known person or company? They can earn no credit.
-- grain:    one row per channel
-- reads:    canonical.touches
-- severity: warn
select channel, count(*) as touches
from canonical.touches
where account_id is null
group by channel
