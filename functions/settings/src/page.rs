//! The page itself.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::html;
use pages::sign_in::SignedIn;
use store::SecretText;

use crate::context::PageContext;
use crate::error::Error;
use crate::first_session;
use crate::notice::Notice;
use crate::view::{Preferences, SettingsPage, Stored};

/// Parked notifications that are counted, and sent again at once.
pub(crate) const MAX_PARKED: u16 = 100;

pub(crate) const STYLES: &str = include_str!("../templates/settings.css");

/// Copies, and waits for the first session. Without it both are done by hand.
const SCRIPT: &str = concat!(
    include_str!("../templates/copy.js"),
    include_str!("../templates/settings.js")
);

/// What the page says once, besides what is stored.
#[derive(Default)]
pub(crate) struct Flash {
    pub(crate) notice: Option<Notice>,
    /// Shown this once.
    pub(crate) new_secret_key: Option<SecretText>,
    /// Preferences as somebody wrote them, with what is wrong with them.
    pub(crate) refused: Option<Preferences>,
}

/// The page to an admin who is signed in, the way to sign in to everybody else.
pub(crate) async fn show(
    context: &PageContext<'_>,
    notice: Option<Notice>,
) -> Result<Response<Body>, Error> {
    match context.signed_in().await? {
        Some(signed_in) => {
            let flash = Flash {
                notice,
                ..Flash::default()
            };
            draw(context, &signed_in, flash).await
        }
        None => context.sign_in_page(StatusCode::OK, notice),
    }
}

/// The page as it is now.
pub(crate) async fn draw(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    flash: Flash,
) -> Result<Response<Body>, Error> {
    let organization = &signed_in.connection.organization;
    let today = context.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let workspace = &signed_in.connection.workspace;
    let (keys, identity, counts, share_links, parked) = tokio::try_join!(
        // Boxed, all of them: so many calls at once are too much to be carried by every request.
        Box::pin(context.store.of(organization).api_keys().list(context.now)),
        Box::pin(
            context
                .store
                .of(organization)
                .identity_verification()
                .read(context.now)
        ),
        Box::pin(context.store.of(organization).sessions().day_counts(today)),
        Box::pin(
            context
                .store
                .of(organization)
                .share_links()
                .list(context.now)
        ),
        Box::pin(
            context
                .store
                .notifications()
                .parked(workspace, None, MAX_PARKED, context.now)
        )
    )?;
    let status = match flash.refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let is_recorded = counts.sessions > 0
        || Box::pin(first_session::find(context, organization))
            .await?
            .is_some();
    let stored = Stored {
        is_recorded,
        keys,
        identity,
        counts,
        share_links,
        parked,
    };
    let content = SettingsPage::new(context, signed_in, &stored, flash);
    let targets = context.state.addresses.form_targets();
    let page = html::Page::new(status, "Intercom integration")
        .navigation(context.navigation(signed_in))
        .styles(STYLES)
        .script(SCRIPT);
    let page = targets
        .iter()
        .fold(page, |page, target| page.form_target(target));
    Ok(page.response(&content))
}
