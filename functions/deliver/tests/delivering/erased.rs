//! A contact of somebody who was erased is deleted, whatever gets in the way.

use std::time::Duration;

use intercom::fake::{Fault, Standing};
use platform::queue::Queue;
use serde_json::json;
use tasks::DeliverTask;
use test_support::QueueName;

use crate::world::{World, identify};

const AT: &str = "2026-11-20T11:00:00Z";

/// The ids of the contacts that are not deleted.
fn present(world: &World) -> Vec<String> {
    world.intercom(|directory| {
        let contacts = directory.contacts().into_iter();
        let present = contacts.filter(|contact| contact.standing == Standing::Present);
        present.map(|contact| contact.id.clone()).collect()
    })
}

#[tokio::test]
async fn a_contact_is_deleted_whatever_goes_wrong_and_one_that_is_gone_is_deleted() {
    for fault in [
        None,
        Some(Fault::CutOffAfter),
        Some(Fault::refusal(500, "server_error")),
        Some(Fault::full(World::seconds("2026-11-20T12:00:10Z"))),
        Some(Fault::refusal(403, "api_plan_restricted")),
    ] {
        let world = World::start().await;
        let people = [
            identify("m-1", "u-1", json!({}), AT),
            identify("m-2", "u-2", json!({}), AT),
        ];
        world.send(&people).await;
        world.settle().await;
        let contacts = present(&world);
        let (erased, kept) = (&contacts[0], &contacts[1]);
        if let Some(fault) = fault.clone() {
            world.stack.intercom.fail_next(fault);
        }
        let task = DeliverTask::DeleteContactV1 {
            organization: world.organization.clone(),
            workspace: world.workspace.clone(),
            contact: erased.clone(),
            asked_at: world.stack.now(),
        };
        // A message may come twice.
        for _ in 0..2 {
            let queue = world.stack.queues.get(QueueName::Deliver);
            queue.send(task.to_body(), Duration::ZERO).await.unwrap();
        }
        world.settle().await;
        assert_eq!(present(&world), std::slice::from_ref(kept), "{fault:?}");
    }
}
