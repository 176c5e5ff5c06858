-- question: Do the days of credit add up to the credit of all touches, to the cent and in every model?
-- grain:    one row per clock, basis and model that does not
-- reads:    mart.touch_credits, mart.credit_days
-- severity: fail
with touches as (
    select 'close' as clock, basis, sum(columns('(.*)_credit')) as '\1' from mart.touch_credits group by basis
    union all by name
    select 'touch' as clock, basis, sum(columns('(.*)_credit')) as '\1' from mart.touch_credits
    where basis = 'won' and touched_at is not null
    group by basis
), days as (
    select clock::varchar as clock, basis, sum(columns('(.*)_credit')) as '\1' from mart.credit_days group by all
), due as (
    unpivot touches on columns(* exclude (clock, basis)) into name model value credit
), told as (
    unpivot days on columns(* exclude (clock, basis)) into name model value credit
)
select
    coalesce(due.clock, told.clock) as clock, coalesce(due.basis, told.basis) as basis,
    coalesce(due.model, told.model) as model, due.credit as of_touches, told.credit as of_days
from due
full join told on told.clock = due.clock and told.basis = due.basis and told.model = due.model
where due.credit is distinct from told.credit and coalesce(due.credit, 0) <> coalesce(told.credit, 0)
