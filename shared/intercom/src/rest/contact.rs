//! Contacts, one by one: what they are, and what they shall be.

use http::StatusCode;
use serde_json::{Value, json};

use super::search::page;
use super::{Answer, Client, Done, Error, Page, Request};
use crate::Region;
use crate::contact::Contact;
use crate::oauth::AccessToken;
use crate::write::ContactWrite;

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
        Ok(found(self.send(region, &request).await, Answer::json)?.value)
    }

    /// Finds the user with an external id, at once after it was made; `None` when there is none. Leads are
    /// not found, archived users are not promised.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn find_contact_by_external_id(
        &self,
        region: Region,
        token: &AccessToken,
        external_id: &str,
    ) -> Result<Done<Option<Contact>>, Error> {
        let path = ["contacts", "find_by_external_id", external_id];
        let request = Request::get("find a contact by external id", path).token(token);
        found(self.send(region, &request).await, Answer::json)
    }

    /// Searches the contacts with an e-mail: leads and users, the first 150 of them.
    ///
    /// Whoever was made in the last minutes may not be found yet, and whoever is archived never is.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn search_contacts_by_email(
        &self,
        region: Region,
        token: &AccessToken,
        email: &str,
    ) -> Result<Page<Contact>, Error> {
        let body = json!({
            "query": { "field": "email", "operator": "=", "value": email },
            "pagination": { "per_page": super::PAGE_SIZE },
        });
        let request = Request::post("search contacts by e-mail", ["contacts", "search"]);
        let request = request.token(token).json(&body).repeatable();
        page(&self.send(region, &request).await?, &["data"])
    }

    /// Creates a contact; which one it is.
    ///
    /// # Errors
    /// See [`Error`]; [`super::Detail::Taken`] when there is one already.
    pub async fn create_contact(
        &self,
        region: Region,
        token: &AccessToken,
        contact: &ContactWrite,
    ) -> Result<Done<Contact>, Error> {
        let request = Request::post("create a contact", ["contacts"]);
        self.written(region, &request.token(token).json(contact))
            .await
    }

    /// Changes what is said of a contact, and nothing else; what it is then.
    ///
    /// # Errors
    /// See [`Error`]; 404 or [`super::Detail::Merged`] when there is none of that id any more.
    pub async fn update_contact(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
        contact: &ContactWrite,
    ) -> Result<Done<Contact>, Error> {
        let request = Request::put("update a contact", ["contacts", id]);
        self.written(region, &request.token(token).json(contact))
            .await
    }

    /// Takes a contact's e-mail address away; what it is then.
    ///
    /// # Errors
    /// See [`Error`]; as [`Self::update_contact`].
    pub async fn clear_email(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
    ) -> Result<Done<Contact>, Error> {
        let request = Request::put("clear an e-mail", ["contacts", id]);
        let request = request.token(token).json(&json!({ "email": null }));
        self.written(region, &request).await
    }

    /// Puts a contact away.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn archive_contact(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
    ) -> Result<Done<()>, Error> {
        let request = Request::post("archive a contact", ["contacts", id, "archive"]).token(token);
        self.told(region, &request).await
    }

    /// Fetches a contact back that was put away; one that was not stays as it is.
    ///
    /// # Errors
    /// See [`Error`]; [`super::Detail::NotRestorable`] when it is being deleted.
    pub async fn unarchive_contact(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
    ) -> Result<Done<()>, Error> {
        let path = ["contacts", id, "unarchive"];
        let request = Request::post("unarchive a contact", path).token(token);
        self.told(region, &request).await
    }

    /// Deletes a contact for good. That there is none any more is no error.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete_contact(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
    ) -> Result<Done<()>, Error> {
        let request = Request::delete("delete a contact", ["contacts", id]).token(token);
        let gone: Done<Option<Value>> = found(self.send(region, &request).await, Answer::json)?;
        Ok(gone.map(|_| ()))
    }

    async fn written(&self, region: Region, request: &Request) -> Result<Done<Contact>, Error> {
        let answer = self.send(region, request).await?;
        Ok(answer.done(answer.json()?))
    }

    /// Sends what is answered with nothing of interest.
    pub(super) async fn told(&self, region: Region, request: &Request) -> Result<Done<()>, Error> {
        let answer = self.send(region, request).await?;
        Ok(answer.done(()))
    }
}

/// What an answer holds; `None` when there is no such thing (any more).
pub(super) fn found<T>(
    answer: Result<Answer, Error>,
    read: impl FnOnce(&Answer) -> Result<T, Error>,
) -> Result<Done<Option<T>>, Error> {
    match answer {
        Ok(answer) => Ok(answer.done(Some(read(&answer)?))),
        Err(Error::Refused { refusal, .. })
            if matches!(refusal.status, StatusCode::NOT_FOUND | StatusCode::GONE) =>
        {
            Ok(Done {
                value: None,
                status: refusal.status,
                rate_limit: refusal.rate_limit,
            })
        }
        Err(error) => Err(error),
    }
}
