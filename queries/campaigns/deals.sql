-- question:   Which deals carry credit of this campaign?
-- grain:      one row per deal, the largest credit first, at most 2,000
-- reads:      mart.credits, mart.deals, canonical.deals
-- params:     campaign varchar, model varchar, clock varchar (touch, or close and null), date_from date,
--             date_until date (exclusive), team varchar (null = all), segment varchar (null = all)
-- returns:    deal_id varchar, deal varchar, won_at timestamptz, amount double, credit double, crm_url varchar
-- definition: Won deals with credit of the campaign under the model, on the chosen clock.
with credited as (
    select deal_id, sum(credit)::double as credit
    from mart.credits
    where basis = 'won' and model = $model and campaign_id = $campaign and credit > 0
      and case when $clock = 'touch' then touched_at else closed_at end >= $date_from::timestamptz
      and case when $clock = 'touch' then touched_at else closed_at end < $date_until::timestamptz
      and ($team is null or team = $team) and ($segment is null or segment = $segment)
    group by deal_id
    order by credit desc
    limit 2000
)
select
    credited.deal_id::varchar as deal_id, deals.name as deal, judged.won_at, judged.amount::double as amount,
    credited.credit, deals.crm_url
from credited
join mart.deals as judged on judged.deal_id = credited.deal_id
left join canonical.deals on deals.deal_id = credited.deal_id
order by credited.credit desc, credited.deal_id
