//! Deleting a contact: somebody is to be forgotten.

use super::call::{failed, is_gone};
use super::{Courier, Progress, Stop, Verdict};
use crate::Error;

impl Courier<'_> {
    /// Deletes a contact for good: [`Verdict::Sent`] also when there is none any more.
    ///
    /// # Errors
    /// [`Error::Table`] when the table fails.
    pub async fn delete(&mut self, contact: &str) -> Result<Verdict, Error> {
        match Box::pin(self.delete_contact(contact)).await {
            Ok(()) => Ok(Verdict::Sent),
            Err(Stop::With(verdict)) => Ok(verdict),
            Err(Stop::Table(error)) => Err(error),
        }
    }

    async fn delete_contact(&mut self, contact: &str) -> Progress<()> {
        self.reserve().await?;
        let asked = self
            .intercom
            .delete_contact(self.region, self.token, contact)
            .await;
        let path = format!("/contacts/{contact}");
        match self.heard("DELETE", path, asked).await? {
            Err(refusal) if !is_gone(&refusal) => Err(failed(&refusal)),
            _ => Ok(()),
        }
    }
}
