//! Sends notifications again that failed for good.

use lambda_http::{Body, Response};
use notification::resend::{self, Resent};
use pages::form::Form;
use pages::sign_in::SignedIn;
use platform::metrics;
use store::ParkedId;

use crate::error::Error;
use crate::notice::Notice;
use crate::page::MOST_PARKED;
use crate::visit::Desk;

/// The one that the form names, or the latest of all.
///
/// Sent twice, because the form was, it is processed once.
pub(super) async fn send_again(
    desk: &Desk<'_>,
    visit: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let connection = &visit.connection;
    let wanted = match form.get("id") {
        Some(id) => vec![ParkedId::parse(id).map_err(|_| Error::StaleForm)?],
        None => {
            let workspace = &connection.workspace;
            let parked = desk.store.parked(workspace, None, MOST_PARKED, desk.now);
            parked.await?.into_iter().map(|parked| parked.id).collect()
        }
    };
    let queues = &desk.state.queues;
    let resent = resend::send_all_again(&desk.store, queues, connection, &wanted, desk.now).await;
    tracing::info!(
        { metrics::NOTIFICATION_SENT_AGAIN } = resent.sent,
        failed = resent.failed,
        "parked notifications sent again"
    );
    let is_all = wanted.len() < usize::from(MOST_PARKED) || nothing_is_left(desk, visit).await?;
    Ok(desk.back(Some(match resent {
        Resent { failed: 1.., .. } => Notice::SomeNotSent,
        Resent { sent: 0, .. } => Notice::NothingToSend,
        _ if is_all => Notice::SentAgain,
        _ => Notice::MoreToSend,
    })))
}

async fn nothing_is_left(desk: &Desk<'_>, visit: &SignedIn) -> Result<bool, Error> {
    let workspace = &visit.connection.workspace;
    let left = desk.store.parked(workspace, None, 1, desk.now).await?;
    Ok(left.is_empty())
}
