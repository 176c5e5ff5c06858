-- question: Is the won revenue of the mart what the deals say, currency by currency?
-- grain:    one row per currency that differs
-- reads:    canonical.deals, mart.deals
-- severity: fail
select currency, told, judged
from (
    select currency, sum(amount) as told from canonical.deals where won_at is not null group by currency
) as told
full join (
    select currency_original as currency, sum(amount_original) as judged
    from mart.deals where won_at is not null group by currency_original
) as judged using (currency)
where told is distinct from judged
