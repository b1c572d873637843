//! The attributes that a workspace knows of people and companies.

use serde::Deserialize;

use super::{Client, Done, Error, Request, Unreadable};
use crate::oauth::AccessToken;
use crate::write::{AttributeWrite, Model};
use crate::{Region, lenient};

/// An attribute of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// What it is called.
    pub name: String,
    /// What its values are, in Intercom's words: `string`, `integer`, `float`, `boolean`, `date`.
    pub data_type: Option<String>,
    /// Made by the workspace; else Intercom's own.
    pub custom: bool,
    /// Put away: nothing is written to it.
    pub archived: bool,
}

impl Client {
    /// Every attribute of people or of companies that is not put away.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_attributes(
        &self,
        region: Region,
        token: &AccessToken,
        model: Model,
    ) -> Result<Done<Vec<Attribute>>, Error> {
        let request = Request::get("list the attributes", ["data_attributes"]).token(token);
        let request = request.query("model", model.name());
        let answer = self.send(region, &request).await?;
        let listed: Listed = answer.json()?;
        let attributes = listed.data.into_iter().filter_map(Wire::attribute);
        Ok(answer.done(attributes.collect()))
    }

    /// Makes an attribute known.
    ///
    /// # Errors
    /// See [`Error`]; 400 with the code `parameter_invalid` when the name is taken, by people or by
    /// companies, or holds what names may not hold.
    pub async fn create_attribute(
        &self,
        region: Region,
        token: &AccessToken,
        attribute: &AttributeWrite,
    ) -> Result<Done<Attribute>, Error> {
        let request = Request::post("create an attribute", ["data_attributes"]);
        let request = request.token(token).json(attribute);
        let answer = self.send(region, &request).await?;
        let created = answer.json::<Wire>()?.attribute();
        let created = created.ok_or_else(|| answer.unreadable(Unreadable::Missing("the name")))?;
        Ok(answer.done(created))
    }
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default, deserialize_with = "lenient::list")]
    data: Vec<Wire>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    data_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::flag")]
    custom: bool,
    #[serde(default, deserialize_with = "lenient::flag")]
    archived: bool,
}

impl Wire {
    fn attribute(self) -> Option<Attribute> {
        Some(Attribute {
            name: self.name?,
            data_type: self.data_type,
            custom: self.custom,
            archived: self.archived,
        })
    }
}
