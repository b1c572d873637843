//! An admin's browser: signs in through the pretend Intercom, and sends the settings page's forms.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, Url};

const PAGE: &str = "/settings/integrations/intercom";

/// A browser with cookies, on the bundle at one address.
pub(crate) struct Admin {
    url: String,
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Admin {
    /// Signs in to the workspace `local`.
    pub(crate) async fn sign_in(url: &str) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none());
        let mut admin = Self {
            url: url.to_owned(),
            http: http.build().unwrap(),
            cookies: BTreeMap::new(),
        };
        let begun = admin.send(admin.http.get(format!("{url}/install"))).await;
        let asked = admin.location(&begun);
        let mut pairs = asked.query_pairs();
        let (_, state) = pairs.find(|(name, _)| name == "state").unwrap();
        let decision = [
            ("state", &*state),
            ("workspace", "local"),
            ("decision", "allow"),
        ];
        let decided = format!("{url}/intercom/oauth");
        let mut answer = admin.post(&decided, &decision).await;
        while answer.headers().contains_key(LOCATION) {
            let next = admin.location(&answer);
            answer = admin.send(admin.http.get(next)).await;
        }
        assert_eq!(answer.status(), 200);
        admin
    }

    /// The settings page.
    pub(crate) async fn page(&mut self) -> String {
        let page = self.http.get(format!("{}{PAGE}", self.url));
        self.send(page).await.text().await.unwrap()
    }

    /// Sends a form of the settings page with these fields; the page afterwards.
    pub(crate) async fn act(&mut self, action: &str, fields: &[(&str, &str)]) -> String {
        let page = self.page().await;
        let (_, form) = page.split_once(&format!("\"{PAGE}/{action}\"")).unwrap();
        let (_, token) = form.split_once("name=\"csrf\" value=\"").unwrap();
        let (token, _) = token.split_once('"').unwrap();
        let fields = [&[("csrf", token)], fields].concat();
        let url = format!("{}{PAGE}/{action}", self.url);
        let answer = self.post(&url, &fields).await;
        let next = self.location(&answer);
        self.send(self.http.get(next)).await.text().await.unwrap()
    }

    async fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Response {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let body = form.extend_pairs(fields).finish();
        let request = self.http.post(url).body(body);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.header("sec-fetch-site", "same-origin"))
            .await
    }

    async fn send(&mut self, request: RequestBuilder) -> Response {
        let cookies = self.cookies.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request.header(COOKIE, cookies.join("; "));
        let answer = request.header("sec-fetch-dest", "document").send().await;
        let answer = answer.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    fn location(&self, answer: &Response) -> Url {
        let location = answer.headers()[LOCATION].to_str().unwrap();
        Url::parse(&self.url).unwrap().join(location).unwrap()
    }
}
