//! Links that open one recording to whoever has them, for some days.

use identity::{OrganizationId, SessionId};

use crate::desk::Desk;
use crate::error::Error;

/// The query parameter in which a share link's token travels.
pub(crate) const PARAMETER: &str = "share";

/// A share link that is good.
pub(crate) struct ShareLink {
    pub(crate) organization: OrganizationId,
    pub(crate) session: SessionId,
    pub(crate) token: String,
}

pub(crate) async fn of_request(_desk: &Desk<'_>) -> Result<Option<ShareLink>, Error> {
    Ok(None)
}
