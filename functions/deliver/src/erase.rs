//! Deleting a contact at Intercom of somebody who was erased here.
//!
//! Until it is done the message comes again; a contact that is not there any more is deleted.

use std::time::Duration;

use identity::{OrganizationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use outbox::{Courier, Means, Verdict};
use platform::queue::MAX_DELAY;
use platform::random;
use tasks::DeliverTask;

use crate::workspace::{Standing, hold, standing};
use crate::{Error, State, later};

/// For how long it is tried: a workspace that is held for longer is let go, and so are its contacts.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24 * 14);

/// The shortest time until it is tried again.
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);

/// Deletes a contact, or has that done later.
pub(crate) async fn run(
    state: &State,
    (organization, workspace): (OrganizationId, WorkspaceId),
    (contact, asked_at): (String, Timestamp),
) -> Result<(), Error> {
    let outbox = &state.outbox.of(&organization);
    let now = state.clock.now();
    let of = (&organization, &workspace);
    let again_at = match standing(state, outbox, of, now).await? {
        Standing::Held(_, tried_again_at) => tried_again_at,
        Standing::Open(open) => {
            let run = hex::encode(random::bytes::<8>()?);
            let means = Means {
                intercom: &state.intercom,
                token: &open.access.token,
                allowances: &state.allowances,
                attributes: &state.attributes,
                event_names: &state.event_names,
                clock: &state.clock,
                run: &run,
            };
            let mut courier = Courier::new(outbox, &workspace, open.access.region, means);
            match courier.delete(&contact).await? {
                Verdict::Sent => {
                    tracing::info!("a contact of somebody who was erased is deleted at Intercom");
                    return Ok(());
                }
                Verdict::Busy(at) | Verdict::NotBefore(at) => later::spread(at)?,
                Verdict::Held(reason) => hold(state, (outbox, &workspace), &open, reason).await?,
                Verdict::Unavailable => later::after_failure(asked_at, now)?,
                Verdict::Failed(_) | Verdict::Dropped(_) | Verdict::Unknown => {
                    tracing::error!(
                        "Intercom does not delete a contact of somebody who was erased"
                    );
                    return Ok(());
                }
            }
        }
    };
    if now.duration_since(asked_at) >= TRIED_FOR {
        tracing::error!("a contact of somebody who was erased could not be deleted at Intercom");
        return Ok(());
    }
    let task = DeliverTask::DeleteContactV1 {
        organization,
        workspace,
        contact,
        asked_at,
    };
    let delay = later::until(again_at, now).clamp(SHORTEST_PAUSE, MAX_DELAY);
    Ok(state.queue.send(task.to_body(), delay).await?)
}
