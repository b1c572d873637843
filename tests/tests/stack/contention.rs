//! Many at the same rows at the same time.

use std::time::Duration;

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use notification::Worker;
use runtime_api::events::Message;
use serde_json::json;
use tokio::task::block_in_place;

use crate::created::CreatedStack;
use crate::deployment::{Deployment, WORKSPACE};
use crate::faults::Faults;
use crate::function::Function;
use crate::notifications::notification_of;
use crate::programs::PROGRAMS;

const INSTANCES: usize = 8;
const BATCH: usize = 10;
/// A transaction of DynamoDB's takes about as long.
const WRITE: Duration = Duration::from_millis(25);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notifications_of_one_organization_at_the_same_time_are_each_done_once() {
    let Some(stack) = CreatedStack::create() else {
        return;
    };
    let faults = Faults::default();
    let deployment = Deployment::with_faults(&stack, &faults).await;
    let package = Worker::LeadCreated.function_name();
    let description = &stack.functions[package];
    let mut instances = Vec::new();
    for _ in 0..INSTANCES {
        let program = &PROGRAMS[package];
        let instance = Function::start(package, program, description, &deployment.surroundings);
        instances.push(instance.await);
    }
    faults.writes_take(WRITE);
    let day = || Timestamp::now().to_zoned(TimeZone::UTC).date();
    let began = day();

    let failed: Vec<String> = block_in_place(|| {
        std::thread::scope(|scope| {
            let working: Vec<_> = instances
                .iter_mut()
                .enumerate()
                .map(|(instance, function)| {
                    let queue = description.queues[0].url.as_str();
                    scope.spawn(move || function.work(queue, &batch(instance)))
                })
                .collect();
            working
                .into_iter()
                .flat_map(|working| working.join().unwrap())
                .collect()
        })
    });

    let logs: Vec<String> = instances.iter().map(Function::log).collect();
    let logs = logs.join("\n");
    assert_eq!(failed, Vec::<String>::new(), "{logs}");
    // Each was delivered once, so what is done twice is counted twice.
    let workspace = WorkspaceId::parse(WORKSPACE).unwrap();
    for message in (0..INSTANCES).flat_map(batch) {
        let id = identity::NotificationId::parse(&message.id).unwrap();
        assert!(
            deployment
                .store
                .notifications()
                .is_seen(&workspace, &id)
                .await
                .unwrap(),
            "{id}"
        );
    }
    let organization = OrganizationId::of_first_workspace(&workspace);
    let mut counted = 0;
    for day in std::collections::BTreeSet::from([began, day()]) {
        let counts = deployment
            .store
            .of(&organization)
            .sessions()
            .day_counts(day)
            .await
            .unwrap();
        counted += counts.notifications;
    }
    assert_eq!(counted, (INSTANCES * BATCH) as u64);
}

/// What an instance is handed: of each lead, that it was created.
fn batch(instance: usize) -> Vec<Message> {
    let leads = (0..BATCH).map(|lead| format!("lead-{instance}-{lead}"));
    leads
        .map(|lead| {
            let item = json!({
                "type": "contact", "id": lead, "external_id": format!("visitor-{lead}"), "role": "lead", "email": "",
                "browser": "chrome", "os": "Linux",
            });
            let mut body = notification_of(WORKSPACE, "contact.lead.created", &item);
            body["id"] = json!(lead);
            Message {
                id: lead,
                body: body.to_string(),
                receive_count: 1,
                attributes: std::collections::BTreeMap::new(),
            }
        })
        .collect()
}
