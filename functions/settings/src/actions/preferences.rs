//! Saves what an organization chose.

use std::time::Duration;

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::sign_in::SignedIn;
use store::{OldSessions, RetentionDays};
use tasks::EraseTask;

use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;
use crate::page::{self, Flash};
use crate::view::Preferences;

/// Queues the erasure of what is older. Done at every save, so that saving again repairs one that failed
/// halfway; there is little to look through when there is nothing to erase.
async fn erase_older(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    retention_days: RetentionDays,
) -> Result<(), Error> {
    let organization = &signed_in.connection.organization;
    let old = OldSessions::new(organization, retention_days, context.now);
    let task = EraseTask::older(old);
    let queue = &context.state.erase_queue;
    Ok(queue.send(task.to_body(), Duration::ZERO).await?)
}

/// All of it or nothing: what cannot be saved is shown again as it was written, with what is wrong.
pub(super) async fn save(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    match Preferences::read(form, &signed_in.connection.preferences) {
        Ok(preferences) => {
            context
                .store
                .connections()
                .update_preferences(&signed_in.connection, &preferences)
                .await?;
            erase_older(context, signed_in, preferences.retention_days).await?;
            tracing::info!("preferences saved");
            Ok(context.back(Some(Notice::PreferencesSaved)))
        }
        Err(refused) => {
            let flash = Flash {
                refused: Some(*refused),
                ..Flash::default()
            };
            page::draw(context, signed_in, flash).await
        }
    }
}
