//! One call, described.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, request::Builder};
use http_body_util::Full;
use serde::Serialize;
use url::{Url, form_urlencoded};

use crate::hosts;
use crate::oauth::AccessToken;

/// The version whose shapes we read and write; without the header Intercom takes the one set in the Developer
/// Hub.
const API_VERSION: &str = "2.15";

const JSON: &str = "application/json";

/// Whose calls these are, in Intercom's logs.
const OUR_USER_AGENT: &str = concat!("recapt-intercom/", env!("CARGO_PKG_VERSION"));

/// A call to Intercom: what for, with which method, path, token and body.
///
/// No `Debug`: it may hold a token or the app's secret.
pub struct Request {
    pub(super) operation: &'static str,
    pub(super) repeatable: bool,
    method: Method,
    path: Vec<String>,
    query: Vec<(String, String)>,
    version: &'static str,
    token: Option<AccessToken>,
    body: Option<(&'static str, Bytes)>,
}

impl Request {
    /// Reads something. `operation` completes "cannot …" in errors, and holds nothing from outside; `path` is
    /// in segments, so that an id from outside cannot lead elsewhere.
    #[must_use]
    pub fn get<'a>(operation: &'static str, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(operation, Method::GET, path).repeatable()
    }

    /// Does something. It arrives once at most, unless it is [repeatable](Self::repeatable).
    ///
    /// Without [`json`](Self::json) or [`form`](Self::form) the body is empty, and yet called JSON: as
    /// Intercom's documentation has it.
    #[must_use]
    pub fn post<'a>(operation: &'static str, path: impl IntoIterator<Item = &'a str>) -> Self {
        let mut request = Self::new(operation, Method::POST, path);
        request.body = Some((JSON, Bytes::new()));
        request
    }

    /// Changes something, in a way that is the same when it is done twice. Whether it is sent again without
    /// the caller's word is as for [`post`](Self::post).
    #[must_use]
    pub fn put<'a>(operation: &'static str, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(operation, Method::PUT, path)
    }

    /// Removes something. Whether it is sent again is as for [`post`](Self::post).
    #[must_use]
    pub fn delete<'a>(operation: &'static str, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(operation, Method::DELETE, path)
    }

    /// With a parameter in the address.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// In another version of the API, for what the usual one does not have.
    #[must_use]
    pub fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// In the name of a workspace.
    #[must_use]
    pub fn token(mut self, token: &AccessToken) -> Self {
        self.token = Some(token.clone());
        self
    }

    /// With a JSON body.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "what is sent has no keys but texts, and writes itself without failing"
    )]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("JSON");
        self.body = Some((JSON, body.into()));
        self
    }

    /// With the fields of a form as body.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body = Some(("application/x-www-form-urlencoded", body.into()));
        self
    }

    /// May be sent again when nobody knows whether it arrived: doing it twice is doing it once.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Is sent once, though it only reads: another time may read something else.
    #[must_use]
    pub(super) fn once(mut self) -> Self {
        self.repeatable = false;
        self
    }

    fn new<'a>(
        operation: &'static str,
        method: Method,
        path: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            operation,
            repeatable: false,
            method,
            path: path.into_iter().map(str::to_owned).collect(),
            query: Vec::new(),
            version: API_VERSION,
            token: None,
            body: None,
        }
    }

    /// The request as it is sent to the API at `base`.
    pub(super) fn to_http(&self, base: Url) -> Result<http::Request<Full<Bytes>>, http::Error> {
        let mut url = hosts::below(base, self.path.iter().map(String::as_str));
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let request = http::Request::builder()
            .method(self.method.clone())
            .uri(url.as_str())
            // Without it Intercom may answer 404 or 406.
            .header(ACCEPT, JSON)
            .header("intercom-version", self.version)
            .header(USER_AGENT, OUR_USER_AGENT);
        let request = self.authorize(request)?;
        match &self.body {
            Some((kind, body)) => request
                .header(CONTENT_TYPE, *kind)
                .body(body.clone().into()),
            None => request.body(Full::default()),
        }
    }

    fn authorize(&self, request: Builder) -> Result<Builder, http::Error> {
        let Some(token) = &self.token else {
            return Ok(request);
        };
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose()))?;
        bearer.set_sensitive(true); // Not in anybody's Debug.
        Ok(request.header(AUTHORIZATION, bearer))
    }
}
