//! Whether a form was really sent from our page.
//!
//! The cookie of a sign-in is `SameSite=Lax`: no other site's form carries it. That relies on the browser.
//! Two checks of our own come on top: each form holds a token that only pages of its sign-in know, and a
//! browser that names the sender has to name us.

use lambda_http::http::HeaderMap;
use lambda_http::http::header::ORIGIN;

use crate::sign_in::SignIn;
use crate::signed::Signer;

/// The field of a form that holds its token.
pub const FIELD: &str = "csrf";

const PURPOSE: &str = "csrf";

/// Of the forms of whoever is not signed in, but has a link.
const PURPOSE_OF_LINKS: &str = "csrf of a link";

/// The token of a sign-in's forms for one action, which is named as nothing else is that an admin can do.
#[must_use]
pub fn token(signer: &Signer, sign_in: &SignIn, action: &str) -> String {
    signer.tag(PURPOSE, &message(sign_in, action))
}

/// Whether it is that token, in constant time.
#[must_use]
pub fn is_token(signer: &Signer, sign_in: &SignIn, action: &str, token: &str) -> bool {
    signer.is_tag(PURPOSE, &message(sign_in, action), token)
}

/// The token of a form for whoever has a link, which lies in a cookie of theirs.
#[must_use]
pub fn token_of_link(signer: &Signer, key: &str, action: &str) -> String {
    signer.tag(PURPOSE_OF_LINKS, &format!("{action}\n{key}"))
}

/// Whether it is that token, in constant time.
#[must_use]
pub fn is_token_of_link(signer: &Signer, key: &str, action: &str, token: &str) -> bool {
    signer.is_tag(PURPOSE_OF_LINKS, &format!("{action}\n{key}"), token)
}

/// None of the parts holds a line feed but the admin's id, which is Intercom's and stands last.
fn message(sign_in: &SignIn, action: &str) -> String {
    format!(
        "{}\n{}\n{}\n{}\n{}",
        action,
        sign_in.workspace,
        sign_in.epoch,
        sign_in.issued_at.as_millisecond(),
        sign_in.admin.admin_id
    )
}

/// Whether the browser says that another site sent the form. Browsers that say nothing are old; the token
/// serves them.
#[must_use]
pub fn is_foreign(headers: &HeaderMap, own_origin: Option<&str>) -> bool {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    match text("sec-fetch-site") {
        Some(site) => site != "same-origin",
        None => text(ORIGIN.as_str()).is_some_and(|origin| Some(origin) != own_origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_browser_calls_ours_is_not_foreign() {
        let cases: [(&[(&'static str, &'static str)], bool); 9] = [
            (&[], false),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("origin", "https://app.example.com")], false),
            (&[("origin", "https://evil.example")], true),
            (&[("origin", "null")], true),
            (
                &[
                    ("origin", "https://app.example.com"),
                    ("sec-fetch-site", "cross-site"),
                ],
                true,
            ),
        ];
        for (fields, foreign) in cases {
            let headers: HeaderMap = fields
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            assert_eq!(
                is_foreign(&headers, Some("https://app.example.com")),
                foreign,
                "{fields:?}"
            );
        }
    }
}
