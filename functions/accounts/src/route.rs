//! What a request asks for.

use lambda_http::Request;
use lambda_http::http::Method;
use percent_encoding::percent_decode_str;
use replay::Fingerprint;

use crate::error::{Error, Thing};

/// Everything that is answered, by method and path. A name in braces stands for what is looked at.
pub const ROUTES: [(&str, &str); 5] = [
    ("GET", "/companies"),
    ("GET", "/companies/{id}"),
    ("GET", "/conversations/{id}"),
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
        let route = match segments[..] {
            ["companies"] => Self::Companies,
            ["companies", id] => Self::Company(intercom_id(id, Thing::Company)?),
            ["conversations", id] => Self::Conversation(intercom_id(id, Thing::Conversation)?),
            ["problems"] => Self::List,
            ["problems", fingerprint] => {
                let fingerprint = Fingerprint::parse(fingerprint);
                Self::Problem(fingerprint.ok_or(Error::NotFound(Thing::Problem))?)
            }
            _ => return Err(Error::NotFound(Thing::Problem)),
        };
        match *request.method() {
            Method::GET => Ok(route),
            _ => Err(Error::WrongMethod),
        }
    }
}

fn intercom_id(segment: &str, thing: Thing) -> Result<String, Error> {
    let id = percent_decode_str(segment).decode_utf8().ok();
    let id = id.filter(|id| (1..=MAX_ID_BYTES).contains(&id.len()));
    Ok(id.ok_or(Error::NotFound(thing))?.into_owned())
}
