//! Messages that fail.

use identity::{OrganizationId, SessionId, WorkspaceId};
use serde_json::json;
use tasks::SummarizeTask;

use crate::deployment::{Deployment, WORKSPACE};
use crate::mapping;
use crate::recording::SESSION;

pub(crate) async fn a_message_that_cannot_be_read_fails_alone_and_is_parked(
    deployment: &mut Deployment,
) {
    const UNREADABLE: &str = "{\"type\":\"of another time\"}";
    let organization = OrganizationId::of_first_workspace(&WorkspaceId::parse(WORKSPACE).unwrap());
    let task = SummarizeTask::new(&organization, &SessionId::parse(SESSION).unwrap());
    let summarize = deployment.function("summarize");
    let queue = summarize.description.queues[0].clone();
    for body in [UNREADABLE.to_owned(), task.to_body()] {
        let message = json!({ "QueueUrl": queue.url, "MessageBody": body });
        summarize
            .outside
            .call("AmazonSQS.SendMessage", &message)
            .await;
    }
    let before = summarize.invocations();

    assert_eq!(mapping::serve(summarize).await, 1);

    assert_eq!(
        summarize.invocations() - before,
        platform::queue::MAX_RECEIVES as usize
    );
    let parked = mapping::bodies(&summarize.outside, &queue.dead_letters.unwrap()).await;
    assert_eq!(parked, [UNREADABLE]);
}
