//! What was copied from Intercom of somebody, and of sessions: forgotten with them.

use identity::{OrganizationId, SessionId};
use store::PersonErasure;

use crate::{Error, State};

/// Erases the contacts that have a name of somebody's, before it is forgotten what they are called.
pub(crate) async fn forget(state: &State, erasure: &PersonErasure) -> Result<(), Error> {
    let Some(names) = erasure.to_be_forgotten() else {
        return Ok(());
    };
    let organization = erasure.organization();
    let Some(workspace) = organization.first_workspace() else {
        return Ok(());
    };
    let now = state.clock.now();
    let mirror = state.mirror.of(organization, &workspace);
    for name in &names {
        for contact in mirror.contacts().called(name).await? {
            mirror.erase_contact(&contact, now).await?;
        }
    }
    Ok(())
}

/// Takes a session off every time line.
pub(crate) async fn forget_session(
    state: &State,
    organization: &OrganizationId,
    session: &SessionId,
) -> Result<(), Error> {
    let Some(workspace) = organization.first_workspace() else {
        return Ok(());
    };
    let mirror = state.mirror.of(organization, &workspace);
    let now = state.clock.now();
    Ok(mirror.moments().forget_session(session, now).await?)
}
