//! Links that open one recording to whoever has them, for some days.

use pages::share_token::{self, PARAMETER};
use platform::edge;
use store::ShareLink;

use crate::context::PageContext;
use crate::error::Error;
use crate::route::Route;

/// A share link that is good, with the token that it came as.
pub(crate) struct OpenedShareLink {
    pub(crate) link: ShareLink,
    pub(crate) token: String,
}

/// The link that the request brings, if it opens the recording that is asked for. Opening the page is
/// counted; asking what it would answer is not.
pub(crate) async fn of_request(
    context: &PageContext<'_>,
    route: &Route,
) -> Result<Option<OpenedShareLink>, Error> {
    let (Some(session), Some(token)) = (route.session(), context.parameter(PARAMETER)) else {
        return Ok(None);
    };
    let Some(id) = share_token::open(&context.signer, &token, session) else {
        return Ok(None);
    };
    let is_opened = matches!(route, Route::Recording(_)) && !edge::is_head(context.request);
    let link = match is_opened {
        true => {
            context
                .store()
                .open_share_link(&id, session, context.now)
                .await?
        }
        false => {
            context
                .store()
                .share_link(&id, session, context.now)
                .await?
        }
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
    Ok(link.map(|link| OpenedShareLink { link, token }))
}
