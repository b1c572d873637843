//! Links that open one recording to whoever has them, for some days.

use pages::share_token::{self, PARAMETER};
use platform::edge;
use store::ShareLink;

use crate::desk::Desk;
use crate::error::Error;
use crate::route::Route;

/// A share link that is good, with the token that it came as.
pub(crate) struct Shared {
    pub(crate) link: ShareLink,
    pub(crate) token: String,
}

/// The link that the request brings, if it opens the recording that is asked for. Opening the page is
/// counted; asking what it would answer is not.
pub(crate) async fn of_request(desk: &Desk<'_>, route: &Route) -> Result<Option<Shared>, Error> {
    let (Some(session), Some(token)) = (route.session(), desk.parameter(PARAMETER)) else {
        return Ok(None);
    };
    let Some(id) = share_token::open(&desk.signer, &token, session) else {
        return Ok(None);
    };
    let is_opened = matches!(route, Route::Recording(_)) && !edge::is_head(desk.request);
    let link = match is_opened {
        true => desk.store().open_share_link(&id, session, desk.now).await?,
        false => desk.store().share_link(&id, session, desk.now).await?,
    };
    if let Some(link) = link.as_ref().filter(|_| is_opened) {
        tracing::info!(
            organization.id = %link.organization,
            session.id = %link.session,
            share.id = %link.id,
            share.opened = link.opened,
            "recording opened with a share link"
        );
    }
    Ok(link.map(|link| Shared { link, token }))
}
