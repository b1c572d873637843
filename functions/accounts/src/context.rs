//! One request for a page, and who sent it.

use jiff::Timestamp;
use lambda_http::Request;
use lambda_http::http::uri::PathAndQuery;
use mirror::WorkspaceMirror;
use pages::navigation::{Navigation, Section};
use pages::sign_in::{SignIn, SignedIn};
use pages::signed::Signer;
use platform::secrets::Secrets;
use tracing::Span;

use crate::State;
use crate::error::Error;

/// One request, with what is needed to serve it.
pub(crate) struct PageContext<'a> {
    pub(crate) state: &'a State,
    pub(crate) request: &'a Request,
    pub(crate) now: Timestamp,
    signer: Signer,
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
            now,
            signer: Signer::of(secrets)?,
        })
    }

    /// The first parameter of that name in the address; empty when there is none.
    pub(crate) fn parameter(&self, wanted: &str) -> String {
        let query = self.request.uri().query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(name, _)| name == wanted);
        found.map_or(String::new(), |(_, value)| value.trim().to_owned())
    }

    /// Whoever is signed in.
    pub(crate) async fn admin(&self) -> Result<Option<SignedIn>, Error> {
        let headers = self.request.headers();
        let Some(sign_in) = SignIn::of_request(headers, &self.signer, self.now) else {
            return Ok(None);
        };
        let admin = SignedIn::by(sign_in, &self.state.store).await?;
        if let Some(admin) = &admin {
            let organization = admin.sign_in.organization.as_str();
            Span::current().record("organization.id", organization);
        }
        Ok(admin)
    }

    /// Where else the admin can go from a section's list.
    pub(crate) fn navigation_at(&self, admin: &SignedIn, section: Section) -> Navigation {
        Navigation::at(&self.signer, &admin.sign_in, section)
    }

    /// The same from a page that the list leads to.
    pub(crate) fn navigation_below(&self, admin: &SignedIn, section: Section) -> Navigation {
        Navigation::below(&self.signer, &admin.sign_in, section)
    }

    /// Our copy of what Intercom has of the admin's workspace.
    pub(crate) fn mirror(&self, admin: &'a SignedIn) -> WorkspaceMirror<'a> {
        let state: &'a State = self.state;
        let organization = &admin.sign_in.organization;
        state.mirror.of(organization, &admin.connection.workspace)
    }

    /// Where an admin signs in, and from there back to the page that was asked for.
    pub(crate) fn way_to_sign_in(&self) -> Option<String> {
        let wanted = self
            .request
            .uri()
            .path_and_query()
            .map(PathAndQuery::as_str);
        let pages = &self.state.pages;
        pages.way_to_sign_in(&self.signer, wanted, self.now)
    }
}
