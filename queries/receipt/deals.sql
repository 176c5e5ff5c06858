-- question:   Which deals can be looked into?
-- grain:      one row per won or open deal, the newest first, at most 5,000
-- reads:      mart.deals, canonical.deals
-- params:     date_from date, date_until date (exclusive), team varchar (null = all), segment varchar (null = all),
--             basis varchar (won, or open: still open whatever the period)
-- returns:    deal_id varchar, deal varchar, amount double, won_at timestamptz
-- definition: Deals won in the period, or open ones.
with found as (
    select deal_id, amount, won_at, created_at
    from mart.deals
    where lost_at is null
      and case when coalesce($basis, 'won') = 'open' then won_at is null
          else won_at >= $date_from::timestamptz and won_at < $date_until::timestamptz end
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
    order by coalesce(won_at, created_at) desc, deal_id
    limit 5000
)
select found.deal_id, deals.name as deal, found.amount::double as amount, found.won_at
from found
left join canonical.deals on deals.deal_id = found.deal_id
order by coalesce(found.won_at, found.created_at) desc, found.deal_id
