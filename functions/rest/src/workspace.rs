//! Which workspace a caller means.

use api::{Error, workspace};
use store::{Connection, Grant};

use crate::State;

/// The workspace that is named, else the organization's first.
///
/// # Errors
/// 404 when there is none, or it is another organization's.
pub(crate) async fn connected(
    state: &State,
    grant: &Grant,
    named: Option<&str>,
) -> Result<Connection, Error> {
    workspace::connected(&state.store, grant, named).await
}
