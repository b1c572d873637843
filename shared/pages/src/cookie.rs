//! Cookies: the ones that we set, and the ones that come back.
//!
//! Over https a name begins with what browsers hold it to: `__Host-` is set by this very host for all of its
//! paths, `__Secure-` at least over https. So no other host beside ours can plant one.

use std::borrow::Cow;

use jiff::SignedDuration;
use lambda_http::http::header::{COOKIE, HOST};
use lambda_http::http::{HeaderMap, HeaderValue};

use platform::fault::{Fault, Kind};

/// A cookie that scripts cannot read and that other sites' forms do not send along.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: &'static str,
    /// Its value: of the characters that [`crate::signed`] makes.
    pub value: String,
    /// Who gets it back.
    pub reach: Reach,
    /// How long the browser keeps it.
    pub max_age: SignedDuration,
}

/// Which pages of this host get a cookie back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Host,
    /// This path and those below it.
    Path(Cow<'static, str>),
}

impl Reach {
    /// The path and those below it, as long as this program runs.
    #[must_use]
    pub const fn of_path(path: &'static str) -> Self {
        Self::Path(Cow::Borrowed(path))
    }

    fn path(&self) -> &str {
        match self {
            Self::Host => "/",
            Self::Path(path) => path,
        }
    }

    fn prefix(&self, is_secure: bool) -> &'static str {
        match self {
            _ if !is_secure => "",
            Self::Host => "__Host-",
            Self::Path(_) => "__Secure-",
        }
    }
}

/// The value has a character in it that a cookie cannot have: a bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cookie's value has a character that cannot stand there")]
pub struct UnfitValue;

impl Cookie {
    /// What deletes the cookie of that name and reach.
    #[must_use]
    pub fn ended(name: &'static str, reach: Reach) -> Self {
        Self {
            name,
            value: String::new(),
            reach,
            max_age: SignedDuration::ZERO,
        }
    }

    /// The value of `Set-Cookie`. `is_secure`: see [`is_secure`].
    ///
    /// `SameSite=Lax` rather than `Strict`, which would leave it at home on the way back from Intercom.
    ///
    /// # Errors
    /// [`UnfitValue`] for what is not visible ASCII, or has one of `"`, `,`, `;` and `\` in it (RFC 6265
    /// section 4.1.1).
    pub fn header(&self, is_secure: bool) -> Result<HeaderValue, UnfitValue> {
        let fits =
            |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\');
        let path = self.reach.path();
        if !self.value.bytes().all(fits) || !path.bytes().all(fits) {
            return Err(UnfitValue);
        }
        let Self { name, value, .. } = self;
        let prefix = self.reach.prefix(is_secure);
        let seconds = self.max_age.as_secs().max(0);
        let secure = if is_secure { "; Secure" } else { "" };
        let text = format!(
            "{prefix}{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        );
        HeaderValue::try_from(text).map_err(|_| UnfitValue)
    }
}

impl std::fmt::Debug for Cookie {
    /// Without the value, which may let whoever has it in.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Cookie")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Fault for UnfitValue {
    fn kind(&self) -> Kind {
        Kind::lasting("cookie.unfit_value")
    }
}

/// The first cookie of that name and reach that a request brings: the one of the longest path, as browsers
/// order them. Lambda and HTTP/2 may have them in several headers.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str, reach: &Reach) -> Option<&'a str> {
    let prefix = reach.prefix(is_secure(headers));
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(found, value)| (found.strip_prefix(prefix)? == name).then_some(value))
}

/// Whether cookies must be kept from plain HTTP: always, but for a browser on the machine that serves it.
#[must_use]
pub fn is_secure(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.split_once(':').map_or(host, |(name, _)| name));
    !matches!(name, Some("localhost" | "127.0.0.1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn session(value: &str) -> Cookie {
        Cookie {
            name: "session",
            value: value.to_owned(),
            reach: Reach::of_path("/settings"),
            max_age: SignedDuration::from_hours(12),
        }
    }

    #[test]
    fn a_cookie_is_set_so_that_only_we_get_it_back() {
        let secure = session("a.b-_c").header(true).unwrap();
        let text = "session=a.b-_c; Path=/settings; Max-Age=43200; HttpOnly; SameSite=Lax";
        assert_eq!(secure, format!("__Secure-{text}; Secure"));
        assert_eq!(session("a.b-_c").header(false).unwrap(), text);
        let everywhere = Cookie {
            reach: Reach::Host,
            ..session("a")
        };
        let everywhere = everywhere.header(true).unwrap();
        let everywhere = everywhere.to_str().unwrap();
        assert!(
            everywhere.starts_with("__Host-session=a; Path=/;"),
            "{everywhere}"
        );
        let ended = Cookie::ended("session", Reach::of_path("/settings"));
        let ended = ended.header(false).unwrap();
        assert_eq!(
            ended,
            "session=; Path=/settings; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn a_value_cannot_bring_attributes_or_headers_of_its_own() {
        for value in [
            "a; Domain=evil.example",
            "a\r\nX: y",
            "a,b",
            "a b",
            "ä",
            "\"",
        ] {
            assert_eq!(session(value).header(true), Err(UnfitValue), "{value:?}");
        }
        assert!(!format!("{:?}", session("hunter2")).contains("hunter2"));
    }

    #[test]
    fn a_path_cannot_bring_attributes_of_its_own() {
        let cookie = Cookie {
            reach: Reach::Path("/a; Domain=evil.example".into()),
            ..session("a")
        };
        assert_eq!(cookie.header(true), Err(UnfitValue));
    }

    #[test]
    fn over_https_only_a_name_that_browsers_guard_counts() {
        let planted = "session=1; __Secure-session=2; __Host-session=3";
        let path = Reach::of_path("/settings");
        for (host, reach, expected) in [
            ("app.example.com", &Reach::Host, "3"),
            ("app.example.com", &path, "2"),
            ("localhost:9000", &Reach::Host, "1"),
        ] {
            let mut headers = headers(&[("cookie", planted)]);
            headers.insert("host", HeaderValue::from_static(host));
            assert_eq!(read(&headers, "session", reach), Some(expected), "{host}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others_wherever_it_stands() {
        let read = |headers: &HeaderMap, name| {
            let found = super::read(headers, name, &Reach::Host);
            found.map(ToOwned::to_owned)
        };
        let headers = headers(&[
            ("host", "localhost"),
            ("cookie", "other=1; xsession=2;session=three=; session=four"),
            ("cookie", "second=5"),
        ]);
        assert_eq!(read(&headers, "session").as_deref(), Some("three="));
        assert_eq!(read(&headers, "second").as_deref(), Some("5"));
        assert_eq!(read(&headers, "third"), None);
        assert_eq!(read(&HeaderMap::new(), "session"), None);
    }

    #[test]
    fn only_this_machine_does_without_https() {
        for (host, expected) in [
            ("localhost", false),
            ("localhost:9000", false),
            ("127.0.0.1:9000", false),
            ("localhost.evil.example", true),
            ("127.0.0.1.evil.example:9000", true),
            ("abc.lambda-url.eu-west-1.on.aws", true),
        ] {
            assert_eq!(is_secure(&headers(&[("host", host)])), expected, "{host}");
        }
        assert!(is_secure(&HeaderMap::new()));
    }
}
