//! Links that open one recording to whoever has them, for some days.
//!
//! A token is the row's id and a signature over it: the table alone opens nothing, and what is no token of ours costs no
//! read.

use identity::SessionId;
use platform::signed::Signer;
use store::{ShareId, ShareLink};

use crate::desk::Desk;
use crate::error::Error;
use crate::route::Route;

/// The query parameter in which a token travels.
pub(crate) const PARAMETER: &str = "share";

const PURPOSE: &str = "share link";

/// A share link that is good, with the token that it came as.
pub(crate) struct Shared {
    pub(crate) link: ShareLink,
    pub(crate) token: String,
}

/// The token of a link.
pub(crate) fn token(signer: &Signer, link: &ShareLink) -> String {
    let signature = signer.tag(PURPOSE, &message(&link.id, &link.session));
    format!("{}.{signature}", link.id)
}

/// The link that the request brings, if it opens the recording that is asked for. Opening the page is counted.
pub(crate) async fn of_request(desk: &Desk<'_>, route: &Route) -> Result<Option<Shared>, Error> {
    let (Some(session), Some(token)) = (route.session(), desk.parameter(PARAMETER)) else {
        return Ok(None);
    };
    let Some(id) = parse(&desk.signer, &token, session) else {
        return Ok(None);
    };
    let is_page = matches!(route, Route::Recording(_));
    let link = match is_page {
        true => desk.store().open_share_link(&id, session, desk.now).await?,
        false => desk.store().share_link(&id, session, desk.now).await?,
    };
    if let Some(link) = link.as_ref().filter(|_| is_page) {
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

fn parse(signer: &Signer, token: &str, session: &SessionId) -> Option<ShareId> {
    let (id, signature) = token.split_once('.')?;
    let id = ShareId::parse(id)?;
    let is_ours = signer.is_tag(PURPOSE, &message(&id, session), signature);
    is_ours.then_some(id)
}

fn message(id: &ShareId, session: &SessionId) -> String {
    format!("{id}\n{session}")
}
