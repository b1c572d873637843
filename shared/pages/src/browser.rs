//! Which browser it is. Whoever begins a sign-in has to be who ends it: a handover that somebody
//! else's browser was given begins nothing in this one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use lambda_http::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use crate::cookie::{self, Cookie, Reach, UnfitValue};

/// The query parameter in which the digest of a browser travels to where a sign-in begins.
pub const PARAMETER: &str = "browser";

const COOKIE: &str = "recapt_browser";
const REACH: Reach = Reach::Host;

/// How long a browser keeps it: as long as a page with a sign-in link may stand open.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// A browser, by 32 random bytes that it alone has.
#[derive(Clone)]
pub struct Browser(String);

impl Browser {
    /// The one that sends a request; `None` when it was given no cookie yet.
    #[must_use]
    pub fn of_request(headers: &HeaderMap) -> Option<Self> {
        let value = cookie::read(headers, COOKIE, &REACH)?;
        let is_ours = value.len() == 43 && URL_SAFE_NO_PAD.decode(value).is_ok();
        is_ours.then(|| Self(value.to_owned()))
    }

    /// A browser that is given these bytes of a cryptographic generator.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What others may know of it: SHA-256, hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }

    /// The cookie by which it is known.
    ///
    /// # Errors
    /// [`UnfitValue`], which is a bug.
    pub fn cookie(&self, headers: &HeaderMap) -> Result<HeaderValue, UnfitValue> {
        let cookie = Cookie {
            name: COOKIE,
            value: self.0.clone(),
            reach: REACH,
            max_age: LIFETIME,
        };
        cookie.header(cookie::is_secure(headers))
    }
}

/// Whether the browser says that somebody opens a page, and no page loads a part of itself. Old
/// browsers do not say.
#[must_use]
pub fn opens_page(headers: &HeaderMap) -> bool {
    let destination = headers.get("sec-fetch-dest");
    destination.is_none_or(|destination| destination == "document")
}

/// Whether a text can be the digest of a browser.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
