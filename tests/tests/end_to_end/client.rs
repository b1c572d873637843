//! Everybody who talks to the bundle: recorders, backends, Intercom, a browser.
//!
//! Every call takes the status that its answer must have, and everything ever answered is kept.

use std::sync::Mutex;

use intercom::canvas::contract::violations;
use intercom::signature::{
    BODY_SIGNATURE_HEADER, ClientSecret, HUB_SIGNATURE_HEADER, sign_body, sign_hub,
};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::bundle::{PATIENCE, PAUSE};
use crate::canvas::Canvas;
use crate::chunks::Chunk;

pub(crate) const WRITE_KEY: &str = "local-write-key";
pub(crate) const SECRET_KEY: &str = "local-secret-key";
const CLIENT_SECRET: &str = "local-client-secret";

/// The caller of one bundle.
pub(crate) struct Client {
    url: String,
    http: reqwest::Client,
    told: Mutex<String>,
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            http: reqwest::Client::new(),
            told: Mutex::default(),
        }
    }

    /// Sends a chunk as a recorder does.
    pub(crate) async fn chunk(
        &self,
        session: &str,
        seq: usize,
        chunk: &Chunk,
        status: u16,
    ) -> Value {
        let path = format!("/v1/sessions/{session}/chunks/{seq}");
        let mut request = self.post(&path, WRITE_KEY).body(chunk.body.clone());
        if let Some(encoding) = chunk.encoding {
            request = request.header(CONTENT_ENCODING, encoding);
        }
        self.json(request, status).await
    }

    /// Says whose session it is, as a recorder does.
    pub(crate) async fn identify(&self, session: &str, aliases: &Value) {
        let path = format!("/v1/sessions/{session}/identify");
        let request = self.post(&path, WRITE_KEY).body(aliases.to_string());
        self.json(request, 202).await;
    }

    /// The same, as a backend does, which is believed.
    pub(crate) async fn verify(&self, session: &str, aliases: &Value) {
        let path = format!("/v1/sessions/{session}/identify");
        let request = self.post(&path, SECRET_KEY).body(aliases.to_string());
        self.json(request, 202).await;
    }

    /// Reads a session as a backend does.
    pub(crate) async fn session(&self, session: &str, status: u16) -> Value {
        let path = format!("/v1/sessions/{session}");
        self.json(self.get(&path).bearer_auth(SECRET_KEY), status)
            .await
    }

    /// Reads a session until its summary covers so many chunks.
    pub(crate) async fn summary_of(&self, session: &str, chunks: usize) -> Value {
        let summarized = async {
            loop {
                let request = self.get(&format!("/v1/sessions/{session}"));
                let (status, text) = self.send(request.bearer_auth(SECRET_KEY)).await;
                let summary: Value = serde_json::from_str(&text).unwrap();
                if status == 200 && summary["chunks"] == json!(chunks) {
                    return summary;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(PATIENCE, summarized)
            .await
            .unwrap_or_else(|_| panic!("{session} has no summary of {chunks} chunks"))
    }

    /// Sends what a recorder recorded in one chunk, says whose it is, and waits for the summary.
    pub(crate) async fn record(&self, session: &str, chunk: &Chunk, aliases: &Value) -> Value {
        self.identify(session, aliases).await;
        self.chunk(session, 0, chunk, 202).await;
        self.summary_of(session, 1).await
    }

    /// Opens a conversation as Intercom does.
    pub(crate) async fn initialize(&self, conversation: &Value) -> Canvas {
        self.canvas("initialize", conversation).await
    }

    /// Clicks a component of a canvas.
    pub(crate) async fn click(
        &self,
        conversation: &Value,
        canvas: &Canvas,
        component: &str,
    ) -> Canvas {
        let mut submit = conversation.clone();
        submit["component_id"] = json!(component);
        submit["input_values"] = json!({});
        submit["current_canvas"] = canvas.json.clone();
        self.canvas("submit", &submit).await
    }

    async fn canvas(&self, route: &str, body: &Value) -> Canvas {
        let body = body.to_string().into_bytes();
        let signature = sign(&body);
        let answer = self.signed(route, body, Some(&signature), 200).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(violations(&answer), Vec::<String>::new(), "{answer}");
        Canvas {
            json: answer["canvas"].clone(),
        }
    }

    /// Posts any body to a canvas route with any signature.
    pub(crate) async fn signed(
        &self,
        route: &str,
        body: Vec<u8>,
        signature: Option<&str>,
        status: u16,
    ) -> String {
        let mut request = self.http.post(format!("{}/canvas/{route}", self.url));
        if let Some(signature) = signature {
            request = request.header(BODY_SIGNATURE_HEADER, signature);
        }
        let request = request.header(CONTENT_TYPE, "application/json").body(body);
        self.expect(request, status).await
    }

    /// Notifies of something as Intercom does.
    pub(crate) async fn notify(&self, notification: &Value) {
        let body = notification.to_string().into_bytes();
        let signature = sign_notification(&body);
        self.webhook(Method::POST, body, Some(&signature), 200)
            .await;
    }

    /// Sends any body to the endpoint of notifications with any signature.
    pub(crate) async fn webhook(
        &self,
        method: Method,
        body: Vec<u8>,
        signature: Option<&str>,
        status: u16,
    ) -> String {
        let mut request = self.http.request(method, format!("{}/webhooks", self.url));
        if let Some(signature) = signature {
            request = request.header(HUB_SIGNATURE_HEADER, signature);
        }
        let request = request.header(CONTENT_TYPE, "application/json").body(body);
        self.expect(request, status).await
    }

    /// What the script of the pretend Inbox asks for.
    pub(crate) async fn inbox(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}/inbox/{path}", self.url));
        self.json(request.json(body), 200).await
    }

    /// Opens one of the bundle's own pages.
    pub(crate) async fn page(&self, path: &str, status: u16) -> String {
        self.expect(self.get(path), status).await
    }

    /// Opens a link as a browser does: with the cookie that it is given on the way.
    pub(crate) async fn open(&self, link: &str) -> String {
        let (location, cookie) = self.led(link).await;
        let page = self.get(&location).header("cookie", cookie);
        self.expect(page, 200).await
    }

    /// The cookie that a link gives.
    pub(crate) async fn enter(&self, link: &str) -> String {
        self.led(link).await.1
    }

    /// Where a link leads, and with which cookie.
    async fn led(&self, link: &str) -> (String, String) {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let request = http.build().unwrap().get(format!("{}{link}", self.url));
        let led = request.send().await.unwrap();
        assert_eq!(led.status(), 303, "{link}");
        let header = |name| led.headers()[name].to_str().unwrap().to_owned();
        let cookie = header("set-cookie").split(';').next().unwrap().to_owned();
        (header("location"), cookie)
    }

    /// What a request of any kind is answered with.
    pub(crate) async fn text(&self, request: RequestBuilder, status: u16) -> String {
        self.expect(request, status).await
    }

    /// A request of any kind that is answered with JSON.
    pub(crate) async fn json(&self, request: RequestBuilder, status: u16) -> Value {
        let text = self.expect(request, status).await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    pub(crate) fn post(&self, path: &str, key: &str) -> RequestBuilder {
        self.http
            .post(format!("{}{path}", self.url))
            .bearer_auth(key)
    }

    /// A request of a backend's.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(SECRET_KEY)
    }

    /// Where the bundle serves.
    pub(crate) fn page_url(&self) -> String {
        self.url.clone()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url))
    }

    /// Everything that was answered so far.
    pub(crate) fn told(&self) -> String {
        self.told.lock().unwrap().clone()
    }

    async fn expect(&self, request: RequestBuilder, status: u16) -> String {
        let (answered, text) = self.send(request).await;
        assert_eq!(answered, status, "{text}");
        text
    }

    async fn send(&self, request: RequestBuilder) -> (u16, String) {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        self.told.lock().unwrap().push_str(&text);
        (status, text)
    }
}

/// The signature that Intercom sends with a canvas request.
pub(crate) fn sign(body: &[u8]) -> String {
    sign_body(&ClientSecret::parse(CLIENT_SECRET).unwrap(), body)
}

/// The signature that Intercom sends with a notification.
pub(crate) fn sign_notification(body: &[u8]) -> String {
    sign_hub(&ClientSecret::parse(CLIENT_SECRET).unwrap(), body)
}
