//! `GET /v1/links?contact_id=|conversation_id=|email=|user_id=`: where teammates see it in Intercom.

use intercom::Region;
use intercom::links::Linked;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use serde::Serialize;
use store::Grant;

use api::Error;

use crate::{State, workspace};

/// Longest name of somebody or something, bytes.
const MAX_NAME_BYTES: usize = 2_048;

#[derive(Serialize)]
struct Link<'a> {
    url: &'a str,
    workspace_id: &'a str,
    region: &'static str,
}

/// What is to be linked to, and in which workspace if that is said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    to: Option<(Kind, String)>,
    workspace: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Contact,
    Conversation,
    Email,
    UserId,
}

impl Asked {
    /// # Errors
    /// 400 unless exactly one thing is named.
    fn parse(query: &str) -> Result<(Linkable, Option<String>), ApiError> {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let kind = match name.as_ref() {
                "contact_id" => Kind::Contact,
                "conversation_id" => Kind::Conversation,
                "email" => Kind::Email,
                "user_id" => Kind::UserId,
                "workspace_id" => {
                    asked.workspace = Some(value.into_owned());
                    continue;
                }
                _ => continue,
            };
            let value = value.trim();
            if value.is_empty() || value.len() > MAX_NAME_BYTES || asked.to.is_some() {
                return Err(one_name());
            }
            asked.to = Some((kind, value.to_owned()));
        }
        let (kind, name) = asked.to.ok_or_else(one_name)?;
        Ok((Linkable { kind, name }, asked.workspace))
    }
}

/// Something that has a link.
#[derive(Debug, PartialEq, Eq)]
struct Linkable {
    kind: Kind,
    name: String,
}

impl Linkable {
    fn linked(&self) -> Linked<'_> {
        match self.kind {
            Kind::Contact => Linked::Contact(&self.name),
            Kind::Conversation => Linked::Conversation(&self.name),
            Kind::Email => Linked::Email(&self.name),
            Kind::UserId => Linked::UserId(&self.name),
        }
    }
}

pub(crate) async fn show(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let (linkable, workspace) = Asked::parse(request.uri().query().unwrap_or_default())?;
    let connection = workspace::connected(state, grant, workspace.as_deref()).await?;
    let workspace = connection.workspace.as_str();
    let region = connection.region.as_str();
    let url = state
        .hosts
        .link(Region::parse(region), workspace, linkable.linked());
    let link = Link {
        url: url.as_str(),
        workspace_id: workspace,
        region,
    };
    Ok(json(StatusCode::OK, &link))
}

fn one_name() -> ApiError {
    let rule = "Name one of contact_id, conversation_id, email and user_id.";
    ApiError::bad_request("bad_link", rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_linked_to() {
        let asked = Asked::parse("email=ada%2B1%40b.example&workspace_id=acme&utm=1");
        let (linkable, workspace) = asked.unwrap();
        assert_eq!(linkable.linked(), Linked::Email("ada+1@b.example"));
        assert_eq!(workspace.as_deref(), Some("acme"));
        for query in ["", "contact_id=", "contact_id=1&email=a%40b.c", "id=1"] {
            assert_eq!(
                Asked::parse(query).unwrap_err().code(),
                "bad_link",
                "{query}"
            );
        }
    }
}
