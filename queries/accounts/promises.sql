-- question:   Which promises to this customer are open?
-- grain:      one row per handover
-- reads:      mart.handovers, canonical.leads, canonical.people
-- params:     account varchar
-- returns:    lead_id varchar, person varchar, lead_type varchar, team varchar, waiting_for varchar, due_at timestamp with
--             time zone, decision varchar, decision_due_at timestamp with time zone
-- definition: Handed over or qualified, and still without owner, answer or decision.
-- terms:      response.minutes, acceptance.deadline_minutes
with mine as (select lead_id, person_id from canonical.leads where account_id = $account)
select
    handovers.lead_id, people.name as person, handovers.lead_type::varchar as lead_type, handovers.team::varchar as team,
    handovers.waiting_for::varchar as waiting_for, handovers.due_at, handovers.decision::varchar as decision,
    handovers.decision_due_at
from mart.handovers as handovers
join mine on mine.lead_id = handovers.lead_id
left join canonical.people as people on people.person_id = mine.person_id
where (handovers.is_waiting and handovers.waiting_for in ('assignment', 'response')) or handovers.decision = 'open'
order by coalesce(handovers.due_at, handovers.decision_due_at), handovers.lead_id
