//! Saves what an organization chose.

use lambda_http::{Body, Response};
use platform::form::Form;

use crate::error::Error;
use crate::notice::Notice;
use crate::page::{self, Told};
use crate::view::Preferences;
use crate::visit::{Desk, Visit};

/// All of it or nothing: what cannot be saved is shown again as it was written, with what is wrong.
pub(super) async fn save(
    desk: &Desk<'_>,
    visit: &Visit,
    form: &Form,
) -> Result<Response<Body>, Error> {
    match Preferences::read(form) {
        Ok(preferences) => {
            desk.store
                .update_preferences(&visit.connection, &preferences)
                .await?;
            tracing::info!("preferences saved");
            Ok(desk.back(Some(Notice::PreferencesSaved)))
        }
        Err(refused) => {
            let told = Told {
                refused: Some(refused),
                ..Told::default()
            };
            page::draw(desk, visit, told).await
        }
    }
}
