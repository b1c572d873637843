//! One request for a page: who sent it, and what answers it.

use jiff::Timestamp;
use lambda_http::http::header::SET_COOKIE;
use lambda_http::http::{HeaderMap, HeaderValue, StatusCode};
use lambda_http::{Body, Request, Response};
use pages::browser::{self, Browser};
use pages::csrf;
use pages::html;
use pages::navigation::{Navigation, Section};
use pages::return_to;
use pages::sign_in::{CookieError, SignIn, SignedIn};
use pages::signed::Signer;
use platform::random;
use platform::secrets::Secrets;
use store::Store;
use tracing::Span;
use url::form_urlencoded;

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

    /// Where else an admin can go.
    pub(crate) fn navigation(&self, signed_in: &SignedIn) -> Navigation {
        let navigation = Navigation::at(&self.signer, &signed_in.sign_in, Section::Settings);
        match self.state.addresses.is_apart() {
            true => navigation.alone(),
            false => navigation,
        }
    }

    /// The page for somebody who is not signed in.
    pub(crate) fn sign_in_page(
        &self,
        status: StatusCode,
        notice: Option<Notice>,
    ) -> Result<Response<Body>, Error> {
        let notice = notice.or(SignIn::is_presented(self.headers()).then_some(Notice::SignInEnded));
        let (sign_in, browser) = self.way_to_sign_in()?;
        let page = html::Page::new(status, "Sign in").response(&SignInPage { notice, sign_in });
        Ok(browser.into_iter().fold(page, with_cookie))
    }

    /// Leads to where the authorization begins.
    pub(crate) fn authorize(&self) -> Result<Response<Body>, Error> {
        let (sign_in, browser) = self.way_to_sign_in()?;
        let response = html::redirect(&sign_in);
        Ok(browser.into_iter().fold(response, with_cookie))
    }

    /// Where the authorization begins, with what the browser is on its way to; and the cookie by which this
    /// page will know the browser again, where it begins on another host.
    fn way_to_sign_in(&self) -> Result<(String, Option<HeaderValue>), Error> {
        let addresses = &self.state.addresses;
        let mut address = addresses.sign_in(self.headers(), &self.signer, self.now)?;
        let query = self.request.uri().query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let wanted = pairs.find(|(name, _)| name == return_to::WANTED);
        let is_ours = |text: &str| return_to::open_wanted(&self.signer, text, self.now).is_some();
        if let Some((name, wanted)) = wanted.filter(|(_, text)| is_ours(text)) {
            address = address.with_parameter(&name, &wanted);
        }
        if !addresses.is_apart() {
            return Ok((address.to_string(), None));
        }
        let browser = match Browser::of_request(self.headers()) {
            Some(browser) => browser,
            None => Browser::from_random(random::bytes()?),
        };
        let address = address.with_parameter(browser::PARAMETER, &browser.digest());
        let cookie = browser.cookie(self.headers()).map_err(CookieError::from)?;
        Ok((address.to_string(), Some(cookie)))
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
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}
