-- question:   What does each model give to each touch of this deal?
-- grain:      one row per model and touch, and one per remainder that no touch earns
-- reads:      mart.touch_credits
-- params:     deal varchar
-- returns:    model varchar, touch_id varchar, share double, credit decimal(18,2), unattributed_reason varchar,
--             ruling_id varchar, agreement_version varchar
-- definition: For every model the credits add up to the deal's amount, to the cent.
-- terms:      attribution.agreed_model, attribution.models
with own as materialized ( -- looked up once; `mart.credits` would search the deal anew for every model
    select row_number() over () as place, * from mart.touch_credits where deal_id = $deal
),
shares as (
    select place, replace(part, '_share', '') as model, share
    from (select place, columns('.*_share') from own) unpivot (share for part in (columns('.*_share')))
),
credits as (
    select place, replace(part, '_credit', '') as model, credit
    from (select place, columns('.*_credit') from own)
        unpivot include nulls (credit for part in (columns('.*_credit')))
)
select
    shares.model, own.touch_id::varchar as touch_id, shares.share::double as share, credits.credit,
    own.unattributed_reason::varchar as unattributed_reason, own.ruling_id::varchar as ruling_id,
    own.agreement_version::varchar as agreement_version
from shares
join credits on credits.place = shares.place and credits.model = shares.model
join own on own.place = shares.place
where own.touch_id is not null or shares.share > 0
order by shares.model, touch_id
