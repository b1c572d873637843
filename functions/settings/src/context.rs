//! One request for a page: who sent it, and what answers it.

use jiff::Timestamp;
use lambda_http::http::header::SET_COOKIE;
use lambda_http::http::{HeaderMap, HeaderValue, StatusCode};
use lambda_http::{Body, Request, Response};
use pages::csrf;
use pages::html;
use pages::sign_in::{SignIn, SignedIn};
use pages::signed::Signer;
use platform::secrets::Secrets;
use store::Store;
use tracing::Span;

use crate::State;
use crate::error::Error;
use crate::notice::Notice;
use crate::route::PAGE;
use crate::view::SignInPage;

/// One request, with what is needed to serve it.
pub(crate) struct PageContext<'a> {
    pub(crate) state: &'a State,
    pub(crate) request: &'a Request,
    /// Opens and seals with the keys of today.
    pub(crate) store: Store,
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
            store: state.store.with_token_keys(wiring::token_keys(secrets)?),
            signer: Signer::of(secrets)?,
            now,
        })
    }

    /// The admin whose sign-in the request's cookie proves. Reads the table for a cookie that is ours alone.
    pub(crate) async fn signed_in(&self) -> Result<Option<SignedIn>, Error> {
        let Some(sign_in) = SignIn::of_request(self.headers(), &self.signer, self.now) else {
            return Ok(None);
        };
        let span = Span::current();
        span.record("workspace.id", sign_in.workspace.as_str());
        span.record("organization.id", sign_in.organization.as_str());
        Ok(SignedIn::by(sign_in, &self.store).await?)
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Whether the browser says that another site sent the request.
    pub(crate) fn is_foreign(&self) -> bool {
        let origin = self.state.addresses.origin(self.headers());
        csrf::is_foreign(self.headers(), origin.as_deref())
    }

    /// The page for somebody who is not signed in.
    pub(crate) fn sign_in_page(
        &self,
        status: StatusCode,
        notice: Option<Notice>,
    ) -> Result<Response<Body>, Error> {
        let notice = notice.or(SignIn::is_presented(self.headers()).then_some(Notice::SignInEnded));
        let sign_in = self.sign_in_address()?;
        Ok(html::Page::new(status, "Sign in").response(&SignInPage { notice, sign_in }))
    }

    /// Where the authorization begins.
    pub(crate) fn sign_in_address(&self) -> Result<String, Error> {
        let addresses = &self.state.addresses;
        addresses.sign_in(self.headers(), &self.signer, self.now)
    }

    /// Redirects to the page, which then says what happened.
    pub(crate) fn back(&self, notice: Option<Notice>) -> Response<Body> {
        match notice {
            Some(notice) => html::redirect(&format!("{PAGE}?done={}", notice.word())),
            None => html::redirect(PAGE),
        }
    }

    /// The answer with the cookie of a sign-in in it.
    pub(crate) fn with_sign_in(
        &self,
        response: Response<Body>,
        sign_in: &SignIn,
    ) -> Result<Response<Body>, Error> {
        let cookie = sign_in.cookie(self.headers(), &self.signer, self.now)?;
        Ok(with_cookie(response, cookie))
    }
}

/// The answer with this cookie.
pub(crate) fn with_cookie(mut response: Response<Body>, cookie: HeaderValue) -> Response<Body> {
    response.headers_mut().insert(SET_COOKIE, cookie);
    response
}
