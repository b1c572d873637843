//! The page itself.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::html;
use pages::sign_in::SignedIn;
use store::SecretText;

use crate::error::Error;
use crate::notice::Notice;
use crate::view::{Preferences, SettingsPage, Stored};
use crate::visit::Desk;

/// Parked notifications that are counted, and sent again at once.
pub(crate) const MOST_PARKED: u16 = 100;

const STYLES: &str = include_str!("../templates/settings.css");

/// What one showing of the page says besides what is stored.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) notice: Option<Notice>,
    /// Shown this once.
    pub(crate) new_secret_key: Option<SecretText>,
    /// Preferences as somebody wrote them, with what is wrong with them.
    pub(crate) refused: Option<Preferences>,
}

/// The page to an admin who is signed in, the way to sign in to everybody else.
pub(crate) async fn show(desk: &Desk<'_>, notice: Option<Notice>) -> Result<Response<Body>, Error> {
    match desk.visit().await? {
        Some(visit) => {
            let told = Told {
                notice,
                ..Told::default()
            };
            draw(desk, &visit, told).await
        }
        None => desk.sign_in(StatusCode::OK, notice),
    }
}

/// The page as it is now.
pub(crate) async fn draw(
    desk: &Desk<'_>,
    visit: &SignedIn,
    told: Told,
) -> Result<Response<Body>, Error> {
    let organization = &visit.connection.organization;
    let today = desk.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let workspace = &visit.connection.workspace;
    let (keys, counts, share_links, parked) = tokio::try_join!(
        // Boxed, all of them: so many calls at once are too much to be carried by every request.
        Box::pin(desk.store.of(organization).api_keys().list(desk.now)),
        Box::pin(desk.store.of(organization).sessions().day_counts(today)),
        Box::pin(desk.store.of(organization).share_links().list(desk.now)),
        Box::pin(desk.store.parked(workspace, None, MOST_PARKED, desk.now))
    )?;
    let status = match told.refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let stored = Stored {
        keys,
        counts,
        share_links,
        parked,
    };
    let content = SettingsPage::new(desk, visit, &stored, told);
    let targets = desk.state.addresses.form_targets();
    let page = html::Page::new(status, "Intercom integration").styles(STYLES);
    let page = targets
        .iter()
        .fold(page, |page, target| page.form_target(target));
    Ok(page.response(&content))
}
