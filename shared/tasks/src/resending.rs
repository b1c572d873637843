//! Asking for an event to be told to Intercom once more, which the function `deliver` does.

use std::time::Duration;

use identity::OrganizationId;
use jiff::Timestamp;
use outbox::{Outbox, Resent};
use platform::queue::{Queue, QueueError};

use crate::DeliverTask;

/// Has an event that failed or was dropped wait once more, and has its worker come. May be repeated: it is
/// told once.
///
/// # Errors
/// When the table or the queue does not answer.
pub async fn send_again<E: From<outbox::Error> + From<QueueError>>(
    outbox: &Outbox,
    deliver: &dyn Queue,
    organization: &OrganizationId,
    message_id: &str,
    now: Timestamp,
) -> Result<Resent, E> {
    let organizations = outbox.of(organization);
    let resent = organizations.deliveries().resend(message_id, now).await?;
    if let Resent::Waiting(lanes) = &resent {
        let task = |workspace, lane| DeliverTask::new(organization, workspace, lane).to_body();
        let tasks = lanes.iter().map(|(workspace, lane)| task(workspace, lane));
        deliver.send_all(tasks.collect(), Duration::ZERO).await?;
    }
    Ok(resent)
}
