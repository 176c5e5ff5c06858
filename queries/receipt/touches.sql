-- question:   Which touches lie on the way to this deal, and which were left out?
-- grain:      one row per touch, in order of time
-- reads:      mart.touches, canonical.people, canonical.campaigns
-- params:     deal varchar
-- returns:    touch_id varchar, touch_no bigint, occurred_at timestamptz, person_id varchar, person varchar, title varchar,
--             channel varchar, kind varchar, campaign varchar, milestones varchar, exclusion varchar
-- definition: All touches of the journey up to its closing. Excluded ones earn nothing and stand with the reason.
select
    touches.touch_id, touches.touch_no, touches.occurred_at, touches.person_id::varchar as person_id,
    people.name as person, people.title, touches.channel::varchar as channel, touches.kind::varchar as kind,
    campaigns.name as campaign, touches.milestones::varchar as milestones, touches.exclusion::varchar as exclusion
from mart.touches
left join canonical.people on people.person_id = touches.person_id
left join canonical.campaigns on campaigns.campaign_id = touches.campaign_id
where touches.deal_id = $deal
order by touches.occurred_at, touches.touch_id
