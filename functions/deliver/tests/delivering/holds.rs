//! What holds a workspace is told apart, shown, and nothing is lost meanwhile.

use intercom::fake::{Closed, Fault, Role};
use jiff::SignedDuration;
use outbox::{HoldReason, Outcome};
use serde_json::json;
use store::ConnectionStatus;

use crate::world::{WORKSPACE, World, identify, track};

const AT: &str = "2026-11-20T11:00:00Z";

#[tokio::test]
async fn a_closed_workspace_is_held_for_its_reason_and_goes_on_when_it_is_open() {
    for (closed, reason) in [
        (Closed::IpAllowlist, HoldReason::IpNotAllowed),
        (Closed::Plan, HoldReason::PlanRestricted),
        (Closed::Scope, HoldReason::ScopeMissing),
    ] {
        let world = World::start().await;
        world.add_contact("c-1", Role::User, |contact| {
            contact.external_id = Some("u-1".to_owned());
        });
        world.stack.intercom.close(WORKSPACE, Some(closed));
        let events: Vec<_> = (0..3)
            .map(|number| track(&format!("m-{number}"), "u-1", &format!("Did {number}"), AT))
            .collect();
        world.send(&events).await;
        world.pass(SignedDuration::from_mins(30)).await;
        let waits = (Outcome::Waiting, Some(reason.as_str().to_owned()));
        for message in ["m-0", "m-1", "m-2"] {
            assert_eq!(world.outcome(message).await, waits, "{message}");
        }
        let calls = world.stack.intercom.take_calls().len();
        assert!(calls < 20, "{calls}");
        let outbox = world.outbox.of(&world.organization);
        let hold = outbox.hold(&world.workspace).await.unwrap().unwrap();
        assert_eq!(hold.reason, reason);
        world.stack.intercom.close(WORKSPACE, None);
        world.pass(SignedDuration::from_mins(15)).await;
        world.assert_sent(&["m-0", "m-1", "m-2"]).await;
        assert_eq!(outbox.hold(&world.workspace).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_refused_token_marks_the_connection_and_a_new_one_is_tried_at_once() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned())
    });
    let dead = Fault::refusal(401, "token_revoked");
    world
        .stack
        .intercom
        .fail_once("/contacts/find_by_external_id/u-1", dead);
    world.send(&[track("m-1", "u-1", "Ordered", AT)]).await;
    world.work().await;
    let waits = (Outcome::Waiting, Some("token_refused".to_owned()));
    assert_eq!(world.outcome("m-1").await, waits);
    let connections = world.stack.store.connections();
    let connection = connections.get(&world.workspace).await.unwrap().unwrap();
    assert_eq!(connection.status, ConnectionStatus::NeedsAttention);
    world
        .stack
        .connect(&test_support::new_connection(WORKSPACE, "Acme"))
        .await;
    world.send(&[track("m-2", "u-1", "Paid", AT)]).await;
    world.settle().await;
    world.assert_sent(&["m-1", "m-2"]).await;
}

#[tokio::test]
async fn what_only_companies_may_not_is_no_reason_to_hold_the_rest() {
    for (refusal, reason) in [
        (Fault::refusal(403, "action_forbidden"), "scope_missing"),
        (Fault::refusal(402, "payment_required"), "plan_restricted"),
    ] {
        let world = World::start().await;
        for path in ["/companies", "/data_attributes"] {
            world.stack.intercom.fail_always(path, refusal.clone());
        }
        let traits = json!({"name": "Ada", "plan": "pro"});
        let with_company = json!({"company": {"id": "co-1"}});
        let events = [
            identify("m-1", "u-1", traits, AT),
            identify("m-2", "u-1", with_company, "2026-11-20T11:00:01Z"),
            track("m-3", "u-1", "Ordered", AT),
        ];
        world.send(&events).await;
        world.settle().await;
        world.assert_sent(&["m-1", "m-3"]).await;
        let failed = (Outcome::Failed, Some(reason.to_owned()));
        assert_eq!(world.outcome("m-2").await, failed);
        assert_eq!(world.only_contact().name.as_deref(), Some("Ada"));
        let outbox = world.outbox.of(&world.organization);
        assert_eq!(outbox.hold(&world.workspace).await.unwrap(), None);
    }
}
