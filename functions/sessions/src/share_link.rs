//! Links that open one recording to whoever has them, for some days.

use pages::share_token::ShareToken;
use platform::edge;
use store::{Connection, ConnectionStatus, ShareLink};

use crate::context::PageContext;
use crate::error::Error;
use crate::route::Route;

/// A share link that is good, with the token that it came as.
pub(crate) struct OpenedShareLink {
    pub(crate) link: ShareLink,
    pub(crate) token: ShareToken,
    /// The token's text.
    pub(crate) text: String,
    /// The connection of the workspace that handed it out.
    pub(crate) connection: Connection,
}

/// The link with this token, if it opens the recording that is asked for: it has not ended, and the workspace
/// that handed it out is still connected. It survives "Sign out everywhere": it is listed, and can be
/// revoked.
pub(crate) async fn open(
    context: &PageContext<'_>,
    route: &Route,
    text: &str,
) -> Result<Option<OpenedShareLink>, Error> {
    let Some(session) = route
        .session()
        .filter(|_| !matches!(route, Route::Share(_)))
    else {
        return Ok(None);
    };
    let Some(token) = ShareToken::open(&context.signer, text, session) else {
        return Ok(None);
    };
    let store = context.store();
    let (link, connection) = tokio::try_join!(
        store.share_link(&token.id, session, context.now),
        store.connections().get(&token.workspace),
    )?;
    let (Some(link), Some(connection)) = (link, connection) else {
        return Ok(None);
    };
    let is_connected = connection.organization == link.organization
        && connection.status != ConnectionStatus::Disconnected;
    Ok(is_connected.then(|| OpenedShareLink {
        link,
        token,
        text: text.to_owned(),
        connection,
    }))
}

/// Counts that the page is opened with a link; asking what it would answer is not counted.
pub(crate) async fn count(
    context: &PageContext<'_>,
    route: &Route,
    opened: &OpenedShareLink,
) -> Result<(), Error> {
    let Route::Recording(session) = route else {
        return Ok(());
    };
    if edge::is_head(context.request) {
        return Ok(());
    }
    let store = context.store();
    let counted = store.open_share_link(&opened.token.id, session, context.now);
    // Revoked in between.
    let link = counted.await?.ok_or(Error::NotFound)?;
    tracing::info!(
        organization.id = %link.organization,
        session.id = %link.session,
        share.id = %link.id,
        share.opened = link.opened,
        "recording opened with a share link"
    );
    Ok(())
}
