//! What is imported of the pretend Intercom.

use identity::{OrganizationId, WorkspaceId};
use mirror::{Choices, Mirror};

use crate::StartError;

/// Has everything imported, without writing anything back, unless somebody has chosen.
///
/// # Errors
/// When the table does not answer.
pub(crate) async fn choose(
    mirror: &Mirror,
    organization: &OrganizationId,
    workspace: &WorkspaceId,
) -> Result<(), StartError> {
    let failed = |error: mirror::Error| StartError::Table(error.to_string());
    let mirror = mirror.of(organization, workspace);
    if mirror.chosen().await.map_err(failed)?.is_none() {
        let everything = Choices::everything();
        mirror.choose(&everything).await.map_err(failed)?;
    }
    Ok(())
}
