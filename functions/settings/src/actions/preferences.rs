//! Saves what an organization chose.

use std::time::Duration;

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::sign_in::SignedIn;
use store::{OldSessions, RetentionDays};
use tasks::EraseTask;

use crate::error::Error;
use crate::notice::Notice;
use crate::page::{self, Told};
use crate::view::Preferences;
use crate::visit::Desk;

/// Queues the erasure of what is older. Done at every save, so that saving again repairs one that failed
/// halfway; there is little to look through when there is nothing to erase.
async fn erase_older(
    desk: &Desk<'_>,
    visit: &SignedIn,
    retention_days: RetentionDays,
) -> Result<(), Error> {
    let organization = &visit.connection.organization;
    let old = OldSessions::new(organization, retention_days, desk.now);
    let task = EraseTask::older(old);
    let queue = &desk.state.erase_queue;
    Ok(queue.send(task.to_body(), Duration::ZERO).await?)
}

/// All of it or nothing: what cannot be saved is shown again as it was written, with what is wrong.
pub(super) async fn save(
    desk: &Desk<'_>,
    visit: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    match Preferences::read(form, &visit.connection.preferences) {
        Ok(preferences) => {
            desk.store
                .update_preferences(&visit.connection, &preferences)
                .await?;
            erase_older(desk, visit, preferences.retention_days).await?;
            tracing::info!("preferences saved");
            Ok(desk.back(Some(Notice::PreferencesSaved)))
        }
        Err(refused) => {
            let told = Told {
                refused: Some(*refused),
                ..Told::default()
            };
            page::draw(desk, visit, told).await
        }
    }
}
