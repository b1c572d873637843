//! Authorizations that are over: each `state` counts once.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use table::Conditional;

use crate::tenants::rows;
use crate::{Error, Store};

/// How long a spent state is remembered: well beyond the ten minutes after which its cookie is not good any
/// more.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(1);

#[derive(Serialize)]
struct SpentStateRow {
    expires: i64,
}

impl Store {
    /// Spends the `state` of an authorization: `true` the first time, `false` ever after.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: the state may be spent, begin a new
    /// authorization.
    pub async fn spend_state(&self, state: &str, now: Timestamp) -> Result<bool, Error> {
        let digest = table::digest(state.as_bytes());
        let row = SpentStateRow {
            expires: (now + REMEMBERED_FOR).as_second(),
        };
        let put = self
            .table
            .put(&rows::spent_state(&digest), &row)?
            .condition_expression("attribute_not_exists(PK)")
            .attempt("spend a state")
            .await?;
        Ok(put.is_done())
    }
}
