//! Notifications that no worker can make use of.

use identity::{NotificationId, WorkspaceId};
use jiff::Timestamp;
use notification::Worker;
use serde_json::json;

use crate::connection;
use crate::deployment::{CLIENT_SECRET, Deployment, WORKSPACE};
use crate::faults::{Fault, Loss, Refusal, Which};
use crate::mapping;
use crate::notifications::{notification, notification_of, notify, of};

/// As many as there are queues: roles may send to each of them.
const ALL: usize = Worker::ALL.len();

pub(crate) async fn what_fails_is_parked_and_can_be_sent_again(
    deployment: &mut Deployment,
    session: &str,
) {
    let untaken = |deployment: &mut Deployment| {
        let answer = deployment.function("park-notification").scheduled();
        answer["untaken"].as_u64().unwrap()
    };
    assert_eq!(untaken(deployment), 0);
    for worker in Worker::ALL {
        let (topic, _) = of(worker).remove(0);
        let of_nobody = notification(topic, &json!({ "id": { "of": "no contact" } }));
        notify(deployment, &of_nobody, CLIENT_SECRET, 200);
    }
    // No worker has been there yet.
    assert_eq!(untaken(deployment), ALL as u64);
    park(deployment).await;

    // As `make resend` goes from workspace to workspace.
    let mut command = json!({});
    let mut sent = 0;
    while !command.is_null() {
        let parking = deployment.function("park-notification");
        let answer = parking.event(&json!({ "resend": command }));
        sent += answer["sent"].as_u64().unwrap();
        command = answer["next"].clone();
    }
    assert_eq!(sent, ALL as u64);
    park(deployment).await;

    connection::act(deployment, session, "parked", "Send all again", &[]);
    park(deployment).await;
}

/// What nobody could make use of while the table took nothing, and whose answers are lost when it does again.
pub(crate) async fn what_failed_for_a_while_arrives_when_it_is_sent_again(
    deployment: &mut Deployment,
) {
    let faults = deployment.surroundings.faults.clone();
    let workspace = WorkspaceId::parse(WORKSPACE).unwrap();
    let worker = Worker::LeadCreated;
    let (topic, item) = of(worker).remove(0);
    let lead = notification_of(WORKSPACE, topic, &item);
    let id = NotificationId::parse(lead["id"].as_str().unwrap()).unwrap();
    notify(deployment, &lead, CLIENT_SECRET, 200);

    let refused = Fault::Refuse(Refusal::Invalid);
    for operation in ["PutItem", "UpdateItem", "TransactWriteItems"] {
        faults.at(Which::Operation(operation), 0, usize::MAX, refused);
    }
    let function = deployment.function(worker.function_name());
    assert_eq!(mapping::serve(function).await, 0);
    faults.end();

    faults.everywhere(Fault::LoseAnswer(Loss::Closed));
    let dead_letters = function.description.queues[0].dead_letters.clone();
    let parking = deployment.function("park-notification");
    let queue = parking.description.queues[0].clone();
    assert_eq!(Some(&queue.url), dead_letters.as_ref());
    assert_eq!(mapping::serve_queue(parking, &queue).await, 1);
    let answer = parking.event(&json!({ "resend": { "workspace": WORKSPACE } }));
    assert_eq!((&answer["sent"], &answer["failed"]), (&json!(1), &json!(0)));
    let function = deployment.function(worker.function_name());
    assert_eq!(mapping::serve(function).await, 1, "{}", function.log());
    faults.end();

    let store = &deployment.store;
    let left = store
        .notifications()
        .parked(&workspace, None, 1, Timestamp::now())
        .await;
    assert_eq!(left.unwrap(), []);
    assert!(
        store
            .notifications()
            .is_seen(&workspace, &id)
            .await
            .unwrap()
    );
}

/// Lets every worker fail at what is on its queue, until all of it is parked.
async fn park(deployment: &mut Deployment) {
    for worker in Worker::ALL {
        let function = deployment.function(worker.function_name());
        assert_eq!(mapping::serve(function).await, 0, "{worker:?}");
    }
    let parking = deployment.function("park-notification");
    assert_eq!(mapping::serve(parking).await, ALL, "{}", parking.log());
}
