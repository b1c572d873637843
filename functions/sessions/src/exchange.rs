//! What opens a page leaves its address before anything recorded is drawn: a recorded page could send the
//! address to another host. It goes on in a cookie of that very path, which scripts cannot read.

use jiff::{SignedDuration, Timestamp};
use lambda_http::http::HeaderValue;
use lambda_http::http::header::{REFERRER_POLICY, SET_COOKIE};
use lambda_http::{Body, Response};
use pages::cookie::{self, Cookie};
use pages::{browser, html, share_token, viewing};

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;
use crate::route::Route;

/// The cookie that holds a link of the canvas.
pub(crate) const KEY: &str = "recapt_key";

/// The cookie that holds a share link.
pub(crate) const SHARE: &str = "recapt_share";

/// Longest that a browser keeps one: a working day, and never longer than what it holds is good.
const MAX_KEPT: SignedDuration = SignedDuration::from_hours(12);

/// The way to the same page under an address that opens nothing, with the cookie that does; `None` when the
/// address is clean already.
///
/// # Errors
/// [`Error::NotFound`] when neither the address nor a cookie opens the page.
pub(crate) async fn to_clean_address(
    context: &PageContext<'_>,
    route: &Route,
) -> Result<Option<Response<Body>>, Error> {
    let key = context.parameter(viewing::PARAMETER);
    let token = context.parameter(share_token::PARAMETER);
    let is_clean = [viewing::PARAMETER, share_token::PARAMETER]
        .iter()
        .all(|name| !context.has_parameter(name));
    if !route.is_page() || is_clean {
        return Ok(None);
    }
    // A recorded page could have a part of itself loaded from here, and so plant a cookie.
    if !browser::opens_page(context.headers()) {
        return Err(Error::NotFound);
    }
    let mut opened = None;
    if let Some(key) = &key {
        opened = Viewer::by_key(context, route, key).await?;
    }
    if let (None, Some(token)) = (&opened, &token) {
        opened = Viewer::by_share_link(context, route, token).await?;
    }
    let admin = Viewer::admin(context).await?;
    let is_above = |link: &Viewer| {
        let above = admin.as_ref().map(Viewer::organization);
        above.is_some_and(|organization| organization == link.organization())
    };
    let cookie = match &opened {
        // It opens by the sign-in, and must not after that.
        Some(link) if is_above(link) => None,
        Some(Viewer::Link(opened)) => Some(kept(context, route, KEY, &opened.key, opened.until)?),
        Some(Viewer::Share(opened)) => {
            let until = opened.link.expires_at();
            Some(kept(context, route, SHARE, &opened.text, until)?)
        }
        // Nothing of the address opens it; what the browser has may.
        _ => {
            Viewer::of(context, route).await?;
            None
        }
    };
    let query = context.query_without(&[viewing::PARAMETER, share_token::PARAMETER]);
    let mut response = html::redirect(&format!("{}{query}", route.path()));
    let headers = response.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Some(cookie) = cookie {
        headers.insert(SET_COOKIE, cookie);
    }
    Ok(Some(response))
}

fn kept(
    context: &PageContext<'_>,
    route: &Route,
    name: &'static str,
    value: &str,
    until: Timestamp,
) -> Result<HeaderValue, Error> {
    let cookie = Cookie {
        name,
        value: value.to_owned(),
        reach: route.reach(),
        max_age: until.duration_since(context.now).min(MAX_KEPT),
    };
    Ok(cookie.header(cookie::is_secure(context.headers()))?)
}
