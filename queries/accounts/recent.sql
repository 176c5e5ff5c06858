-- question:   Which customers moved last?
-- grain:      one row per company, at most 20
-- reads:      mart.deals
-- returns:    account_id varchar, moved_at timestamp with time zone
-- definition: Companies with the most recently created, won or lost deals.
select account_id, max(greatest(created_at, won_at, lost_at)) as moved_at
from mart.deals
where account_id is not null
group by account_id
order by moved_at desc nulls last, account_id
limit 20
