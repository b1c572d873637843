//! What admins write from our pages is sent to Intercom at most once: a form's name is taken before the call,
//! for Intercom would send it a second time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Attempt, Conditional, item, parse, random_nonce};

use crate::rows::of_id;
use crate::{Error, WorkspaceMirror};

/// How long a form's name stays taken: longer than a sign-in lasts, and with it the form.
const TAKEN_SECONDS: i64 = 2 * 86_400;

/// What stands under a form's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// Intercom has taken it; else nobody knows.
    pub is_sent: bool,
    /// The conversation in which it stands, or that it began.
    pub conversation: Option<String>,
    #[serde(default)]
    expires: i64,
}

impl WorkspaceMirror<'_> {
    /// A name for a form, as no other has.
    ///
    /// # Errors
    /// [`table::Error`] when the machine gives no random number.
    pub fn name_sending(&self) -> Result<String, Error> {
        Ok(of_id(&table::digest(&random_nonce()?)))
    }

    /// Takes a form's name: `None` when it is taken now, and its content may be sent; else what became of it
    /// before.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: then nothing may be sent.
    pub async fn begin_sending(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Sending>, Error> {
        let row = Sending {
            is_sent: false,
            conversation: None,
            expires: now.as_second() + TAKEN_SECONDS,
        };
        let put = self.table.put(&self.keys.sending(name), &row)?;
        let put = put.condition_expression("attribute_not_exists(PK)");
        match put.attempt("take a form's name").await? {
            Attempt::Done(_) => Ok(None),
            Attempt::Refused(standing) => Ok(Some(parse("sending", standing)?)),
        }
    }

    /// Notes that what stands under a form's name was sent, and in which conversation.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn end_sending(
        &self,
        name: &str,
        conversation: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let row = Sending {
            is_sent: true,
            conversation: conversation.map(str::to_owned),
            expires: now.as_second() + TAKEN_SECONDS,
        };
        let row = item(&self.keys.sending(name), &row)?;
        Ok(self
            .table
            .put_all("note that a form was sent", vec![row])
            .await?)
    }

    /// Gives a form's name back: nothing was sent, and the same form may be sent once more.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn withdraw_sending(&self, name: &str) -> Result<(), Error> {
        let key = self.keys.sending(name);
        Ok(self.table.remove("give a form's name back", &key).await?)
    }
}
