//! Ends our access to a workspace; everything else stays.

use intercom::Region;
use intercom::oauth::AccessToken;
use intercom::rest::Advice;
use lambda_http::{Body, Response};
use pages::sign_in::SignedIn;
use platform::metrics;
use platform::telemetry::Chain;
use store::{Connection, Disconnection};

use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;

/// What became of our access at Intercom.
enum Revocation {
    Done,
    /// It may work later.
    NotNow,
    /// It never will: only the workspace's admins can take the app out.
    Refused,
}

/// Revokes the token at Intercom first, and only then forgets it: what is forgotten can no longer be revoked.
pub(super) async fn disconnect(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
) -> Result<Response<Body>, Error> {
    let notice = match revoke(context, &signed_in.connection).await? {
        Revocation::Done => Notice::Disconnected,
        Revocation::Refused => Notice::DisconnectedHereOnly,
        Revocation::NotNow => return Ok(context.back(Some(Notice::NotRevoked))),
    };
    let workspace = &signed_in.connection.workspace;
    let epoch = Some(signed_in.sign_in.epoch);
    match context
        .store
        .connections()
        .disconnect(workspace, epoch)
        .await?
    {
        // Already: Intercom tells us of the uninstall as well, and may have been faster.
        Disconnection::Done(connection) | Disconnection::Already(connection) => {
            tracing::info!(
                { metrics::WORKSPACE_DISCONNECTED } = 1,
                "workspace disconnected"
            );
            let sign_in = signed_in.sign_in.renewed(&connection);
            context.with_sign_in(context.back(Some(notice)), &sign_in)
        }
        Disconnection::Outrun | Disconnection::Unknown => Ok(context.back(None)),
    }
}

async fn revoke(context: &PageContext<'_>, connection: &Connection) -> Result<Revocation, Error> {
    let Some(token) = context.store.connections().token(connection).await? else {
        return Ok(Revocation::Done);
    };
    // What does not fit into a header was never Intercom's.
    let Ok(token) = AccessToken::parse(token.expose()) else {
        return Ok(Revocation::Refused);
    };
    let region = Region::parse(connection.region.as_str());
    let Err(error) = context.state.intercom.uninstall(region, &token).await else {
        return Ok(Revocation::Done);
    };
    tracing::warn!(error = %Chain(&error), "access was not revoked");
    Ok(match error.advice() {
        Advice::RetryLater { .. } => Revocation::NotNow,
        Advice::Reconnect | Advice::GiveUp => Revocation::Refused,
    })
}
