//! Pages: one layout, one stylesheet, and headers that let a browser do no more than they need.
//!
//! A page loads nothing, is framed by nobody, and is not kept. The Content-Security-Policy names the digests
//! of the very styles that stand in it, and of its script: most pages have none, and none needs it. (One that
//! cannot do without scripts loads [`Files`] instead, under a policy of its own.) What a function has to say
//! is a template of its own, the inside of `<main>`:
//!
//! ```
//! # use askama::Template;
//! # use lambda_http::http::StatusCode;
//! # use pages::html::Page;
//! #[derive(Template)]
//! #[template(ext = "html", source = "<h1>Hello, {{ name }}</h1>")]
//! struct Hello { name: &'static str }
//!
//! let response = Page::new(StatusCode::OK, "Hello").response(&Hello { name: "<b>" });
//! # let body = std::str::from_utf8(response.body()).unwrap();
//! # assert!(body.contains("Hello, &#60;b&#62;"));
//! ```

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderMap, HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use sha2::{Digest, Sha256};

use crate::navigation::Navigation;

/// The stylesheet of every page.
pub const STYLES: &str = include_str!("../templates/style.css");

/// What stands where a page should: it could not be written, or its headers could not.
const UNWRITABLE: &str = "Something failed on our side. Please try again.";

/// A page to be, without its content.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    status: StatusCode,
    title: &'a str,
    styles: Vec<&'static str>,
    script: Option<&'static str>,
    form_targets: Vec<&'a str>,
    files: Option<Files<'a>>,
    navigation: Option<Navigation>,
}

/// What a page loads, in place of the styles that others hold.
#[derive(Debug, Clone)]
pub struct Files<'a> {
    /// Addresses of stylesheets, [`STYLES`] among them.
    pub styles: &'a [String],
    /// Address of the script.
    pub script: &'a str,
    /// The Content-Security-Policy that allows them.
    pub policy: &'a str,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    title: &'a str,
    styles: &'a [&'static str],
    script: Option<&'static str>,
    files: Option<&'a Files<'a>>,
    navigation: Option<&'a Navigation>,
    /// HTML as it is.
    content: &'a str,
}

impl<'a> Page<'a> {
    /// A page with a title for the browser's tab. The heading is the content's.
    #[must_use]
    pub fn new(status: StatusCode, title: &'a str) -> Self {
        Self {
            status,
            title,
            styles: vec![STYLES],
            script: None,
            form_targets: Vec::new(),
            files: None,
            navigation: None,
        }
    }

    /// Says in the page's head where else an admin can go: on every page for whoever is signed in.
    #[must_use]
    pub fn navigation(mut self, navigation: impl Into<Option<Navigation>>) -> Self {
        self.navigation = navigation.into();
        self
    }

    /// Adds a stylesheet of the page's own.
    #[must_use]
    pub fn styles(mut self, styles: &'static str) -> Self {
        self.styles.push(styles);
        self
    }

    /// Adds a small script, which makes something easier on a page that does without it too. It may ask this
    /// host for data.
    #[must_use]
    pub fn script(mut self, script: &'static str) -> Self {
        self.script = Some(script);
        self
    }

    /// Lets the page load a script: then it holds no styles, and its policy is the one that comes with the
    /// files.
    #[must_use]
    pub fn files(mut self, files: Files<'a>) -> Self {
        self.styles.clear();
        self.files = Some(files);
        self
    }

    /// Lets forms lead to another origin than this page's, such as `https://app.intercom.com`. Chromium holds
    /// the redirects that answer a form to the same rule.
    #[must_use]
    pub fn form_target(mut self, origin: &'a str) -> Self {
        self.form_targets.push(origin);
        self
    }

    /// The page with its content, the inside of `<main>`. One that cannot be written becomes a plain 500.
    #[must_use]
    pub fn response(&self, content: &impl Template) -> Response<Body> {
        self.write(content).unwrap_or_else(|error| {
            tracing::error!(error = %error, "a page could not be written");
            let mut response = Response::new(Body::Text(UNWRITABLE.to_owned()));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            guard(response.headers_mut());
            response
        })
    }

    fn write(
        &self,
        content: &impl Template,
    ) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
        let content = content.render()?;
        let layout = Layout {
            title: self.title,
            styles: &self.styles,
            script: self.script,
            files: self.files.as_ref(),
            navigation: self.navigation.as_ref(),
            content: &content,
        };
        let policy = HeaderValue::try_from(self.policy())?;
        let mut response = Response::new(Body::Text(layout.render()?));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        guard(headers);
        Ok(response)
    }

    /// `data:` is the icon in the browser's tab.
    fn policy(&self) -> String {
        if let Some(files) = &self.files {
            return files.policy.to_owned();
        }
        let digest = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
        let styles: Vec<_> = self.styles.iter().map(|styles| digest(styles)).collect();
        let script = self.script.map_or_else(String::new, |script| {
            format!(" script-src {}; connect-src 'self';", digest(script))
        });
        let targets: String = self
            .form_targets
            .iter()
            .map(|origin| format!(" {origin}"))
            .collect();
        format!(
            "default-src 'none';{script} style-src {}; img-src data:; form-action 'self'{targets}; base-uri 'none'; \
             frame-ancestors 'none'",
            styles.join(" ")
        )
    }
}

/// Leads a browser elsewhere, by `GET` whatever it came with: 303. An address that no header can hold becomes
/// a plain
/// 500.
#[must_use]
pub fn redirect(location: &str) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    match HeaderValue::try_from(location) {
        Ok(location) => {
            *response.status_mut() = StatusCode::SEE_OTHER;
            response.headers_mut().insert(LOCATION, location);
        }
        // Not the address itself: it may hold what is nobody's business.
        Err(_) => {
            tracing::error!("an address does not fit into a header");
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        }
    }
    guard(response.headers_mut());
    response
}

/// What every answer to a browser bears. `same-origin`, because under `no-referrer` browsers say `Origin:
/// null` of our own forms, which then look like anybody's.
fn guard(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Template)]
    #[template(ext = "html", source = "<p>{{ name }}</p>")]
    struct Content {
        name: &'static str,
    }

    fn page(page: &Page<'_>) -> (String, String) {
        let response = page.response(&Content { name: "<script>" });
        let policy = response.headers()[CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        (policy.to_owned(), body)
    }

    #[test]
    fn a_page_holds_its_content_and_names_what_it_holds_as_text() {
        let (_, body) = page(&Page::new(StatusCode::OK, "<b>"));
        assert!(body.contains("<p>&#60;script&#62;</p>"), "{body}");
        assert!(
            body.contains("<title>&#60;b&#62; · Recapt</title>"),
            "{body}"
        );
    }

    #[test]
    fn the_policy_allows_exactly_the_styles_that_stand_in_the_page() {
        let (policy, body) = page(&Page::new(StatusCode::OK, "Page").styles("p { color: red }"));
        let styles: Vec<_> = body
            .split("<style>")
            .skip(1)
            .map(|rest| rest.split("</style>").next().unwrap())
            .collect();
        assert_eq!(styles.len(), 2);
        for styles in styles {
            let digest = STANDARD.encode(Sha256::digest(styles));
            assert!(policy.contains(&format!("'sha256-{digest}'")), "{policy}");
        }
        assert!(
            !policy.contains("unsafe") && !body.contains("<script"),
            "{policy}"
        );
    }

    #[test]
    fn the_policy_allows_exactly_the_script_that_stands_in_the_page() {
        let script = "document.title += '<';";
        let (policy, body) = page(&Page::new(StatusCode::OK, "Page").script(script));
        let written = body.split("<script>").nth(1).unwrap();
        let digest = STANDARD.encode(Sha256::digest(written.split("</script>").next().unwrap()));
        let allowed = format!("script-src 'sha256-{digest}'; connect-src 'self';");
        assert!(policy.contains(&allowed), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn forms_stay_here_but_for_the_origins_that_are_named() {
        let (policy, _) = page(&Page::new(StatusCode::OK, "Page"));
        assert!(policy.contains("form-action 'self';"), "{policy}");
        let (policy, _) = page(&Page::new(StatusCode::OK, "Page").form_target("https://a.example"));
        assert!(
            policy.contains("form-action 'self' https://a.example;"),
            "{policy}"
        );
    }

    #[test]
    fn a_page_with_a_script_holds_nothing_inline() {
        let styles = ["/a.css".to_owned()];
        let files = Files {
            styles: &styles,
            script: "/a.js",
            policy: "script-src 'self'",
        };
        let (policy, body) = page(&Page::new(StatusCode::OK, "Page").files(files));
        assert_eq!(policy, "script-src 'self'");
        assert!(body.contains(r#"<link rel="stylesheet" href="/a.css">"#));
        assert!(body.contains(r#"<script src="/a.js" defer></script>"#));
        assert!(!body.contains("<style") && body.matches("<script ").count() == 1);
    }

    #[test]
    fn nothing_of_it_is_kept_by_anybody() {
        let answers = [
            Page::new(StatusCode::BAD_REQUEST, "Page").response(&Content { name: "" }),
            redirect("/elsewhere"),
            redirect("/else\nwhere"),
        ];
        let statuses = answers.each_ref().map(|answer| answer.status().as_u16());
        assert_eq!(statuses, [400, 303, 500]);
        for answer in &answers {
            assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
            assert_eq!(answer.headers()[REFERRER_POLICY], "same-origin");
        }
        assert_eq!(answers[1].headers()[LOCATION], "/elsewhere");
    }
}
