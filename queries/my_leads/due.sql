-- question:   What is due for this colleague?
-- grain:      one row per handover, the latest 300
-- reads:      mart.handovers, canonical.leads, canonical.people, canonical.accounts, canonical.campaigns
-- params:     owner varchar, lead varchar (null = all that are open), cycle bigint (null = every cycle)
-- returns:    lead_id varchar, cycle bigint, assigned_at timestamp with time zone, due_at timestamp with time zone,
--             waiting_for varchar, is_waiting boolean, status varchar, decision varchar, decision_due_at timestamp with
--             time zone, attempts bigint, promised_attempts bigint, attempts_due_at timestamp with time zone,
--             is_attempts_kept boolean, lead_type varchar, source varchar, segment varchar, campaign varchar, person varchar,
--             title varchar, company varchar, account_id varchar, region varchar, consent varchar,
--             score double, self_reported_source varchar, crm_url varchar
-- definition: Handed to this colleague and not yet answered, not yet decided, or not yet reached with promised attempts
--             still to make.
-- terms:      response.minutes, acceptance.deadline_minutes, response.attempts
with chosen as (
    select
        lead_id, cycle, assigned_at, due_at, waiting_for, is_waiting, status, decision, decision_due_at, attempts,
        promised_attempts, attempts_due_at, is_attempts_kept, lead_type, source, segment, campaign_id
    from mart.handovers
    where owner_id = $owner and assigned_at is not null
      and case when $lead is not null then lead_id = $lead and ($cycle is null or cycle = $cycle)
          else (is_waiting or decision = 'open')
              and (decision = 'open' or waiting_for = 'response' or is_attempts_kept is null) end
    order by assigned_at desc, lead_id
    limit 300
),
told as ( -- the few rows asked for are picked out before they are joined: nothing is hashed but them
    select lead_id, person_id, account_id, region, score, self_reported_source, crm_url from canonical.leads
    where lead_id in (select lead_id from chosen)
),
known as (
    select person_id, name, title, consent, crm_url from canonical.people
    where person_id in (select person_id from told)
),
companies as (
    select account_id, name, region from canonical.accounts where account_id in (select account_id from told)
)
select
    chosen.lead_id, chosen.cycle, chosen.assigned_at, chosen.due_at, chosen.waiting_for, chosen.is_waiting,
    chosen.status::varchar as status, chosen.decision::varchar as decision, chosen.decision_due_at, chosen.attempts,
    chosen.promised_attempts, chosen.attempts_due_at, chosen.is_attempts_kept, chosen.lead_type::varchar as lead_type,
    chosen.source, chosen.segment, campaigns.name as campaign, people.name as person, people.title,
    accounts.name as company, leads.account_id, coalesce(leads.region, accounts.region) as region, people.consent,
    leads.score, leads.self_reported_source, coalesce(leads.crm_url, people.crm_url) as crm_url
from chosen
left join told as leads on leads.lead_id = chosen.lead_id
left join known as people on people.person_id = leads.person_id
left join companies as accounts on accounts.account_id = leads.account_id
left join canonical.campaigns as campaigns on campaigns.campaign_id = chosen.campaign_id
order by chosen.assigned_at desc, chosen.lead_id
