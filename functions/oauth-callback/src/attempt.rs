//! What a browser carries from `/install` to `/oauth/callback`.

use intercom::HttpsUrl;
use intercom::oauth;
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::{HeaderMap, HeaderValue};
use pages::cookie::{self, Cookie, Reach};
use pages::signed::Signer;
use pages::{browser, return_to};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The cookie's name.
const COOKIE: &str = "recapt_oauth";

/// Where the browser brings it: to the callback alone.
const REACH: Reach = Reach::of_path("/oauth");

/// How long an admin may take to decide. The code that Intercom gives afterwards is good for five minutes
/// more.
const ATTEMPT_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// What the cookie is signed for: nothing else that we sign passes for one.
const PURPOSE: &str = "oauth cookie";

/// One way of a browser through Intercom. It lies in a cookie that only we can make.
#[derive(Serialize, Deserialize)]
pub(crate) struct Attempt {
    state: String,
    /// It began in Intercom's App Store, and has to end there.
    pub(crate) is_from_app_store: bool,
    /// The page that asked for it.
    return_to: Option<String>,
    /// Digest of the browser that this page knows.
    browser: Option<String>,
    /// What the browser is on its way to.
    wanted: Option<String>,
}

impl Attempt {
    /// What `/install` was asked for, with its query.
    pub(crate) fn begin(
        state: &oauth::State,
        query: &str,
        signer: &Signer,
        now: Timestamp,
    ) -> Self {
        let parameter = |name| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find_map(|(found, value)| (found == name).then_some(value))
        };
        Self {
            state: state.as_str().to_owned(),
            is_from_app_store: parameter("source").is_some_and(|source| source == "appstore"),
            return_to: parameter(return_to::PARAMETER)
                .and_then(|text| return_to::open(signer, &text, now)),
            browser: parameter(browser::PARAMETER)
                .map(std::borrow::Cow::into_owned)
                .filter(|text| browser::is_digest(text)),
            wanted: parameter(return_to::WANTED)
                .and_then(|text| return_to::open_wanted(signer, &text, now)),
        }
    }

    /// The one that the browser brings, unless it is forged or too old.
    pub(crate) fn read(headers: &HeaderMap, signer: &Signer, now: Timestamp) -> Option<Self> {
        signer.open(PURPOSE, cookie::read(headers, COOKIE, &REACH)?, now)
    }

    /// The cookie that it travels in.
    pub(crate) fn cookie(
        &self,
        is_secure: bool,
        signer: &Signer,
        now: Timestamp,
    ) -> Result<HeaderValue, Failure> {
        let value = signer.sign(PURPOSE, self, now + ATTEMPT_LIFETIME)?;
        let cookie = Cookie {
            name: COOKIE,
            value,
            reach: REACH,
            max_age: ATTEMPT_LIFETIME,
        };
        Ok(cookie.header(is_secure)?)
    }

    /// Takes the cookie away.
    pub(crate) fn ended(is_secure: bool) -> Option<HeaderValue> {
        // An empty value fits.
        Cookie::ended(COOKIE, REACH).header(is_secure).ok()
    }

    /// Whether it is the one that Intercom answers.
    pub(crate) fn is_of(&self, answered: &oauth::State) -> bool {
        oauth::State::parse(&self.state).is_ok_and(|state| state == *answered)
    }

    /// The page that asked for it, an address of ours.
    pub(crate) fn return_to(&self) -> Option<HttpsUrl> {
        HttpsUrl::parse(self.return_to.as_deref()?).ok()
    }

    /// Digest of the browser that the page that asked for it knows, if one did.
    pub(crate) fn browser(&self) -> Option<&str> {
        self.browser.as_deref().filter(|_| self.return_to.is_some())
    }

    /// The path of ours that the browser is on its way to.
    pub(crate) fn wanted(&self) -> Option<&str> {
        self.wanted.as_deref()
    }

    /// Where another attempt like this one begins.
    pub(crate) fn again(&self, signer: &Signer, now: Timestamp) -> String {
        let until = now + ATTEMPT_LIFETIME;
        let page = self.return_to.as_ref();
        let page = page.and_then(|page| return_to::sign(signer, page, until).ok());
        let wanted = self.wanted.as_ref();
        let wanted = wanted.and_then(|path| return_to::sign_wanted(signer, path, until).ok());
        let parameters = [
            (return_to::PARAMETER, page),
            (browser::PARAMETER, self.browser.clone()),
            (return_to::WANTED, wanted),
        ];
        // What is signed needs no encoding in a query, nor does a digest.
        let parameters: Vec<_> = parameters
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
            .collect();
        match parameters.is_empty() {
            true => "/install".to_owned(),
            false => format!("/install?{}", parameters.join("&")),
        }
    }
}
