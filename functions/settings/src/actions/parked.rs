//! Sends notifications again that failed for good.

use lambda_http::{Body, Response};
use notification::resend::{self, Resent};
use pages::form::Form;
use pages::sign_in::SignedIn;
use platform::metrics;
use store::ParkedId;

use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;
use crate::page::MAX_PARKED;

/// The one that the form names, or the latest of all.
///
/// Sent twice, because the form was, it is processed once.
pub(super) async fn send_again(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let connection = &signed_in.connection;
    let wanted = match form.get("id") {
        Some(id) => vec![ParkedId::parse(id).map_err(|_| Error::StaleForm)?],
        None => {
            let workspace = &connection.workspace;
            let parked =
                context
                    .store
                    .notifications()
                    .parked(workspace, None, MAX_PARKED, context.now);
            parked.await?.into_iter().map(|parked| parked.id).collect()
        }
    };
    let queues = &context.state.queues;
    let resent =
        resend::send_all_again(&context.store, queues, connection, &wanted, context.now).await;
    tracing::info!(
        { metrics::NOTIFICATION_SENT_AGAIN } = resent.sent,
        failed = resent.failed,
        "parked notifications sent again"
    );
    let is_all =
        wanted.len() < usize::from(MAX_PARKED) || nothing_is_left(context, signed_in).await?;
    Ok(context.back(Some(match resent {
        Resent { failed: 1.., .. } => Notice::SomeNotSent,
        Resent { sent: 0, .. } => Notice::NothingToSend,
        _ if is_all => Notice::SentAgain,
        _ => Notice::MoreToSend,
    })))
}

async fn nothing_is_left(context: &PageContext<'_>, signed_in: &SignedIn) -> Result<bool, Error> {
    let workspace = &signed_in.connection.workspace;
    let left = context
        .store
        .notifications()
        .parked(workspace, None, 1, context.now)
        .await?;
    Ok(left.is_empty())
}
