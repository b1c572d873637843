//! One contact.

use http::StatusCode;

use super::{Client, Error, Request};
use crate::Region;
use crate::contact::Contact;
use crate::oauth::AccessToken;

impl Client {
    /// Reads a contact, archived ones as well; `None` when there is none of that id any more: it was deleted,
    /// or merged into another one.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn contact(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
    ) -> Result<Option<Contact>, Error> {
        let request = Request::get("read a contact", ["contacts", id]).token(token);
        match self.send(region, &request).await {
            Ok(answer) => answer.json().map(Some),
            Err(Error::Refused { refusal, .. })
                if matches!(refusal.status, StatusCode::NOT_FOUND | StatusCode::GONE) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
