//! Data events.

use super::{Client, Done, Error, Request};
use crate::Region;
use crate::oauth::AccessToken;
use crate::write::EventWrite;

impl Client {
    /// Tells of something that a contact did. Intercom takes it (202) and shows it a while later; of two with
    /// one contact, name and second, it keeps one.
    ///
    /// # Errors
    /// See [`Error`]; 404 when nobody has that id, external id or e-mail.
    pub async fn send_event(
        &self,
        region: Region,
        token: &AccessToken,
        event: &EventWrite,
    ) -> Result<Done<()>, Error> {
        let request = Request::post("send an event", ["events"]).token(token);
        self.told(region, &request.json(event)).await
    }
}
