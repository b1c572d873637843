//! What a request asks for.

use lambda_http::Request;
use lambda_http::http::Method;
use replay::Fingerprint;

use crate::error::Error;

/// Everything that is answered, by method and path. A name in braces stands for what is looked at.
pub const ROUTES: [(&str, &str); 2] = [("GET", "/problems"), ("GET", "/problems/{fingerprint}")];

/// A request, parsed as far as it needs to know nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
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
            ["problems"] => Self::List,
            ["problems", fingerprint] => {
                Self::Problem(Fingerprint::parse(fingerprint).ok_or(Error::NotFound)?)
            }
            _ => return Err(Error::NotFound),
        };
        match *request.method() {
            Method::GET => Ok(route),
            _ => Err(Error::WrongMethod),
        }
    }
}
