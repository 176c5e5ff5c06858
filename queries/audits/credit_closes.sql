-- question: Does the credit of every won and open deal add up to its amount, to the cent and in every model?
-- grain:    one row per deal and model that does not, or that has credit on the wrong basis
-- reads:    mart.touch_credits, mart.deals
-- severity: fail
with sums as (
    select deal_id, min(basis) as basis, max(basis) as other, sum(columns('(.*)_credit')) as '\1'
    from mart.touch_credits
    group by deal_id
), by_model as (
    unpivot sums on columns(* exclude (deal_id, basis, other)) into name model value credit
), due as (
    select
        deal_id, amount, case when won_at is not null then 'won' when lost_at is null then 'open' end as basis
    from mart.deals
)
select coalesce(due.deal_id, sums.deal_id) as deal_id, by_model.model, by_model.credit, due.amount, sums.basis
from due
full join sums on sums.deal_id = due.deal_id
left join by_model on by_model.deal_id = due.deal_id
where by_model.credit <> due.amount
   or sums.basis is distinct from due.basis
   or sums.other is distinct from due.basis
