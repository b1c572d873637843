//! Notifications that no worker can make use of.

use intercom::webhook::Worker;
use serde_json::json;

use crate::connection;
use crate::deployment::{CLIENT_SECRET, Deployment};
use crate::mapping;
use crate::notifications::{notification, notify, of};

/// As many as there are queues: roles may send to each of them.
const ALL: usize = Worker::ALL.len();

pub(crate) async fn what_fails_is_parked_and_can_be_sent_again(
    deployment: &mut Deployment,
    session: &str,
) {
    for worker in Worker::ALL {
        let (topic, _) = of(worker).remove(0);
        let of_nobody = notification(topic, &json!({ "id": { "of": "no contact" } }));
        notify(deployment, &of_nobody, CLIENT_SECRET, 200);
    }
    park(deployment).await;

    // As `make replay-dead-letters` goes from workspace to workspace.
    let mut command = json!({});
    let mut sent = 0;
    while !command.is_null() {
        let parking = deployment.function("park-notification");
        let answer = parking.event(&json!({ "replay": command }));
        sent += answer["sent"].as_u64().unwrap();
        command = answer["next"].clone();
    }
    assert_eq!(sent, ALL as u64);
    park(deployment).await;

    connection::act(deployment, session, "parked", "Send all again", &[]);
    park(deployment).await;
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
