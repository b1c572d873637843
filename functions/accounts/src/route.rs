//! What a request asks for.

use lambda_http::Request;
use lambda_http::http::Method;
use percent_encoding::percent_decode_str;
use replay::Fingerprint;

use crate::error::{Error, Thing};

/// Everything that is answered, by method and path. A name in braces stands for what is looked at.
pub const ROUTES: [(&str, &str); 8] = [
    ("GET", "/companies"),
    ("GET", "/companies/{id}"),
    ("GET", "/companies/{id}/people/{contact}/message"),
    ("POST", "/companies/{id}/people/{contact}/message"),
    ("GET", "/conversations/{id}"),
    ("POST", "/conversations/{id}/reply"),
    ("GET", "/problems"),
    ("GET", "/problems/{fingerprint}"),
];

/// Longest id of Intercom's, bytes: it promises at most 128 characters.
const MAX_ID_BYTES: usize = 512;

/// A request, parsed as far as it needs to know nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// Intercom's companies.
    Companies,
    /// One of them.
    Company(String),
    /// What was said.
    Conversation(String),
    /// Beginning a conversation with somebody of a company.
    Message {
        /// The company.
        company: String,
        /// The person.
        contact: String,
        /// Whether it is written; else the form is shown.
        is_sent: bool,
    },
    /// Answering in a conversation.
    Reply(String),
    /// The most frequent problems.
    List,
    /// One of them.
    Problem(Fingerprint),
}

impl Route {
    /// # Errors
    /// For a path that is none of ours, or another method than it takes.
    pub(crate) fn parse(request: &Request) -> Result<Self, Error> {
        let segments: Vec<&str> = request.uri().path().split('/').skip(1).collect();
        let is_sent = *request.method() == Method::POST;
        let route = match segments[..] {
            ["companies"] => Self::Companies,
            ["companies", id] => Self::Company(intercom_id(id, Thing::Company)?),
            ["conversations", id] => Self::Conversation(intercom_id(id, Thing::Conversation)?),
            ["companies", company, "people", contact, "message"] => Self::Message {
                company: intercom_id(company, Thing::Company)?,
                contact: intercom_id(contact, Thing::Person)?,
                is_sent,
            },
            ["conversations", id, "reply"] => Self::Reply(intercom_id(id, Thing::Conversation)?),
            ["problems"] => Self::List,
            ["problems", fingerprint] => {
                let fingerprint = Fingerprint::parse(fingerprint);
                Self::Problem(fingerprint.ok_or(Error::NotFound(Thing::Problem))?)
            }
            _ => return Err(Error::NotFound(Thing::Problem)),
        };
        match (&route, request.method()) {
            (Self::Reply(_) | Self::Message { .. }, &Method::POST) => Ok(route),
            // Somebody reloads what a reply answered.
            (Self::Reply(id), &Method::GET) => Ok(Self::Conversation(id.clone())),
            (_, &Method::GET) => Ok(route),
            _ => Err(Error::WrongMethod),
        }
    }
}

fn intercom_id(segment: &str, thing: Thing) -> Result<String, Error> {
    let id = percent_decode_str(segment).decode_utf8().ok();
    let id = id.filter(|id| (1..=MAX_ID_BYTES).contains(&id.len()));
    Ok(id.ok_or(Error::NotFound(thing))?.into_owned())
}
