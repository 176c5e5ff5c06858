-- question:   What do the models that weigh all journeys against one another say?
-- grain:      one row per model and channel
-- reads:      mart.channel_credits
-- returns:    model varchar, channel varchar, removal_effect double, credit double, low double, high double,
--             reach_credit double
-- definition: Markov and Shapley, solved exactly over all journeys of the build, whatever the period or team; low and high
--             are the 95 % bootstrap interval. Markov counts journeys that did not convert, Shapley ignores them. reach_credit is
--             what Markov would give, had every journey the same chance to be won.
-- terms:      attribution.minimum_conversions
select
    model::varchar as model, channel::varchar as channel, removal_effect::double as removal_effect,
    credit::double as credit, low::double as low, high::double as high,
    reach_credit::double as reach_credit
from mart.channel_credits
order by model, credit desc, channel
