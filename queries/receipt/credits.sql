-- question:   What does each model give to each touch of this deal?
-- grain:      one row per model and touch, and one per remainder that no touch earns
-- reads:      mart.credits
-- params:     deal varchar
-- returns:    model varchar, touch_id varchar, share double, credit decimal(18,2), unattributed_reason varchar,
--             ruling_id varchar, agreement_version varchar
-- definition: For every model the credits add up to the deal's amount, to the cent.
-- terms:      attribution.agreed_model, attribution.models
select
    model::varchar as model, touch_id::varchar as touch_id, share::double as share, credit,
    unattributed_reason::varchar as unattributed_reason, ruling_id::varchar as ruling_id,
    agreement_version::varchar as agreement_version
from mart.credits
where deal_id = $deal
order by model, touch_id
