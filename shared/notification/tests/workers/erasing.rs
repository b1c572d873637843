//! A deleted contact is erased where the organization prefers it.

use std::sync::Arc;
use std::time::Duration;

use notification::Worker;
use platform::queue::dispatch::drain;
use platform::queue::{LocalQueue, Queue};
use store::Preferences;
use tasks::EraseTask;
use webhooks::State;

use crate::recorded::by_contact;
use crate::sample::{AT, deleted, notification};
use crate::stack::Stack;

#[tokio::test]
async fn a_deleted_contact_is_erased_if_the_organization_prefers_it_and_only_then() {
    for (erase_deleted_contacts, expected) in [(false, 0), (true, 1)] {
        let stack = Stack::start().await;
        stack.connect("acme").await;
        let connection = stack.lookup(&by_contact("c1")).await.connection.unwrap();
        let preferences = Preferences {
            erase_deleted_contacts,
            ..connection.preferences.clone()
        };
        let store = &stack.state.store;
        let updated = store
            .connections()
            .update_preferences(&connection, &preferences);
        updated.await.unwrap();

        let queue = || LocalQueue::in_memory(stack.state.clock.clone()).unwrap();
        let (notifications, erase_queue) = (queue(), Arc::new(queue()));
        let state = State {
            notification: stack.state.clone(),
            erase_queue: erase_queue.clone(),
        };
        let gone = notification("contact.deleted", AT, deleted("c1", "v-1")).to_string();
        // Delivered twice, it is asked for once.
        for _ in 0..2 {
            let sent = notifications.send(gone.clone(), Duration::ZERO);
            sent.await.unwrap();
            drain(&notifications, |event| {
                webhooks::handle(&state, Worker::ContactDeleted, event)
            })
            .await
            .unwrap();
        }
        let asked = erase_queue.receive(10).unwrap();
        assert_eq!(asked.len(), expected, "{erase_deleted_contacts}");
        for message in asked {
            let task = serde_json::from_str(message.body.as_deref().unwrap()).unwrap();
            assert!(matches!(task, EraseTask::PersonV1 { .. }));
        }
    }
}
