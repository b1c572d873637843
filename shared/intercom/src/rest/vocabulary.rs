//! What a workspace's words mean: its admins, tags and segments.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::search::elements;
use super::{Admin, Client, Done, Error, Request};
use crate::Region;
use crate::named::{Segment, Tag};
use crate::oauth::AccessToken;

impl Client {
    /// Every admin.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_admins(
        &self,
        region: Region,
        token: &AccessToken,
    ) -> Result<Done<Vec<Admin>>, Error> {
        let request = Request::get("list the admins", ["admins"]).token(token);
        self.listed(region, &request, &["admins"]).await
    }

    /// Every tag.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_tags(
        &self,
        region: Region,
        token: &AccessToken,
    ) -> Result<Done<Vec<Tag>>, Error> {
        let request = Request::get("list the tags", ["tags"]).token(token);
        self.listed(region, &request, &["data", "tags"]).await
    }

    /// Every segment, of people and of companies.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_segments(
        &self,
        region: Region,
        token: &AccessToken,
    ) -> Result<Done<Vec<Segment>>, Error> {
        let request = Request::get("list the segments", ["segments"]).token(token);
        self.listed(region, &request, &["segments", "data"]).await
    }

    /// Every tag of a contact: the contact itself has the first ten.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn tags_of_contact(
        &self,
        region: Region,
        token: &AccessToken,
        contact: &str,
    ) -> Result<Done<Vec<Tag>>, Error> {
        let path = ["contacts", contact, "tags"];
        let request = Request::get("list the tags of a contact", path).token(token);
        self.listed(region, &request, &["data", "tags"]).await
    }

    /// Every segment that a contact is in at this moment.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn segments_of_contact(
        &self,
        region: Region,
        token: &AccessToken,
        contact: &str,
    ) -> Result<Done<Vec<Segment>>, Error> {
        let path = ["contacts", contact, "segments"];
        let request = Request::get("list the segments of a contact", path).token(token);
        self.listed(region, &request, &["data", "segments"]).await
    }

    /// Sends what is answered with a list that has no pages.
    async fn listed<T: DeserializeOwned>(
        &self,
        region: Region,
        request: &Request,
        keys: &[&'static str],
    ) -> Result<Done<Vec<T>>, Error> {
        let answer = self.send(region, request).await?;
        let mut body = Value::Object(answer.json()?);
        let listed = elements(&answer, &mut body, keys)?;
        Ok(answer.done(listed))
    }
}
