-- question: Do the shares of every credited deal add up to 1 in every model, none of them negative?
-- grain:    one row per deal and model that does not; model `any` where a share is negative
-- reads:    mart.touch_credits
-- severity: fail
with sums as (
    select
        deal_id, sum(columns('(.*)_share')) as '\1', case when min(least(*columns('.*_share'))) < 0 then 0 end as "any"
    from mart.touch_credits
    group by deal_id
)
select deal_id, model, total
from (unpivot sums on columns(* exclude deal_id) into name model value total)
where abs(total - 1) > 1e-9
