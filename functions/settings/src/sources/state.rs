//! What holds a workspace, in an admin's words.

use identity::WorkspaceId;
use outbox::{Hold, HoldReason};
use store::Source;

use crate::context::PageContext;
use crate::error::Error;
use crate::route;
use crate::view::Dates;
use pages::sign_in::SignedIn;

/// Why nothing is told in a workspace just now.
pub(super) struct HoldNotice {
    pub(super) workspace: String,
    pub(super) sentence: &'static str,
    pub(super) since: String,
    pub(super) tried_again_at: String,
    /// Where an admin can do something about it here.
    pub(super) settings: Option<&'static str>,
}

impl HoldNotice {
    fn new(workspace: &WorkspaceId, hold: &Hold, dates: &Dates) -> Self {
        let is_ours = matches!(
            hold.reason,
            HoldReason::NotConnected | HoldReason::TokenRefused
        );
        Self {
            workspace: workspace.to_string(),
            sentence: hold.reason.sentence(),
            since: dates.write(hold.since),
            tried_again_at: dates.write(hold.tried_again_at),
            settings: is_ours.then_some(route::PAGE),
        }
    }
}

/// What holds the workspaces of these sources.
pub(super) async fn holds(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    sources: &[Source],
) -> Result<Vec<HoldNotice>, Error> {
    let organization = &signed_in.connection.organization;
    let mut workspaces: Vec<WorkspaceId> = sources
        .iter()
        .filter_map(|source| {
            source
                .workspace
                .clone()
                .or_else(|| organization.first_workspace())
        })
        .collect();
    workspaces.sort();
    workspaces.dedup();
    let dates = Dates::of(&signed_in.connection);
    let outbox = context.state.outbox.of(organization);
    let mut notices = Vec::new();
    for workspace in &workspaces {
        if let Some(hold) = outbox.hold(workspace).await? {
            notices.push(HoldNotice::new(workspace, &hold, &dates));
        }
    }
    Ok(notices)
}
