-- question:   Which deals are there with this customer?
-- grain:      one row per deal, the newest first
-- reads:      mart.deals, canonical.deals
-- params:     account varchar
-- returns:    deal_id varchar, deal varchar, amount decimal(18,2), created_at timestamp with time zone, won_at timestamp
--             with time zone, lost_at timestamp with time zone, crm_url varchar
-- definition: Amounts in the reporting currency.
with found as (select deal_id, amount, created_at, won_at, lost_at from mart.deals where account_id = $account)
select found.deal_id, deals.name as deal, found.amount, found.created_at, found.won_at, found.lost_at, deals.crm_url
from found
left join canonical.deals as deals on deals.deal_id = found.deal_id
order by found.created_at desc nulls last, found.deal_id
