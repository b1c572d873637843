//! One request for a page, and what answers it.

use jiff::Timestamp;
use lambda_http::Request;
use lambda_http::http::HeaderMap;
use pages::addresses::{found_at, origin};
use pages::signed::Signer;
use pages::{csrf, share_token, viewing};
use platform::secrets::Secrets;
use store::Store;

use crate::State;
use crate::error::Error;
use crate::route::Route;

/// One request, with what is needed to serve it.
pub(crate) struct PageContext<'a> {
    pub(crate) state: &'a State,
    pub(crate) request: &'a Request,
    pub(crate) signer: Signer,
    pub(crate) now: Timestamp,
}

impl<'a> PageContext<'a> {
    pub(crate) fn open(
        state: &'a State,
        request: &'a Request,
        secrets: &Secrets,
        now: Timestamp,
    ) -> Result<Self, Error> {
        Ok(Self {
            state,
            request,
            signer: Signer::of(secrets)?,
            now,
        })
    }

    pub(crate) fn store(&self) -> &Store {
        self.state.recordings.store()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The first parameter of that name in the address; `None` for one that is empty.
    pub(crate) fn parameter(&self, wanted: &str) -> Option<String> {
        let query = self.request.uri().query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs
            .find_map(|(name, value)| (name == wanted).then(|| value.trim().to_owned()))
            .filter(|value| !value.is_empty())
    }

    /// Whether the address has a parameter of that name, empty or not.
    pub(crate) fn has_parameter(&self, wanted: &str) -> bool {
        let query = self.request.uri().query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == wanted)
    }

    /// The address's query without these parameters, and with its question mark unless nothing is left.
    pub(crate) fn query_without(&self, unwanted: &[&str]) -> String {
        let query = self.request.uri().query().unwrap_or_default();
        let kept = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| !unwanted.contains(&name.as_ref()));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .finish();
        match query.is_empty() {
            true => query,
            false => format!("?{query}"),
        }
    }

    /// Where an admin signs in, and from there back to the page that was asked for.
    pub(crate) fn way_to_sign_in(&self, route: &Route) -> Option<String> {
        let query = self.query_without(&[viewing::PARAMETER, share_token::PARAMETER]);
        let wanted = route.is_page().then(|| format!("{}{query}", route.path()));
        let pages = &self.state.pages;
        pages.way_to_sign_in(&self.signer, wanted.as_deref(), self.now)
    }

    /// Whether the browser says that another site sent the request.
    pub(crate) fn is_foreign(&self) -> bool {
        let public = self.state.pages.sessions.as_ref();
        let public = public.and_then(|page| origin(page.as_str()));
        let origin = public.or_else(|| found_at(self.headers()));
        csrf::is_foreign(self.headers(), origin.as_deref())
    }
}
