//! The handler, one workspace, and an Intercom that knows its token.

use identity::WorkspaceId;
use installation::{LIMITS, State};
use intercom::fake::Fault;
use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use intercom::{HttpsUrl, rest};
use lambda_http::http::{Method, Response};
use lambda_http::{Body, Request};
use serde_json::Value;
use store::Connection;
use test_support::{CLIENT_SECRET, NOON, TABLE, TestStack, new_connection};

pub(crate) const SETTINGS: &str = "https://recapt.example/settings/integrations/intercom";

pub(crate) struct Fixture {
    pub(crate) state: State,
    stack: TestStack,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        Self::on(TestStack::start().await).await
    }

    /// The handler over a table that nobody reaches.
    pub(crate) async fn without_table() -> Self {
        let nobody = test_support::dynamodb_at("http://127.0.0.1:1");
        Self::on(TestStack::over(nobody, NOON)).await
    }

    async fn on(stack: TestStack) -> Self {
        let state = State {
            store: stack.store.clone(),
            secrets: test_support::secrets(),
            intercom: rest::Client::with_limits(stack.hosts().await, LIMITS),
            settings: Some(HttpsUrl::parse(SETTINGS).unwrap()),
            clock: stack.clock.clone(),
        };
        Self { state, stack }
    }

    /// Connects the workspace `acme`.
    pub(crate) async fn connect(&self) -> Connection {
        self.stack.connect(&new_connection("acme", "Acme")).await
    }

    pub(crate) async fn connection(&self) -> Connection {
        let connection = self.state.store.connections().get(&acme()).await.unwrap();
        connection.unwrap()
    }

    /// Sends a request that is signed as Intercom signs.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let body = body.to_string().into_bytes();
        let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
        let signature = sign_body(&secret, &body);
        let response = self.send(Method::POST, path, body, Some(&signature)).await;
        let answer = serde_json::from_slice(response.body()).unwrap();
        (response.status().as_u16(), answer)
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        signature: Option<&str>,
    ) -> Response<Body> {
        let mut request = Request::new(Body::Binary(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        if let Some(signature) = signature {
            let signature = signature.parse().unwrap();
            request
                .headers_mut()
                .insert(BODY_SIGNATURE_HEADER, signature);
        }
        let handler = |request| installation::handle(&self.state, request);
        platform::edge::answer(request, handler).await
    }

    /// What Intercom answers to `/me` from now on.
    pub(crate) fn intercom_answers(&self, status: u16) {
        self.stack.intercom.heal();
        if status != 200 {
            let refusal = Fault::refusal(status, "none_of_many");
            self.stack.intercom.fail_always("/me", refusal);
        }
    }

    /// Takes the app out of `acme`, as Intercom does before it says so.
    pub(crate) fn app_is_removed(&self) {
        self.stack.intercom.uninstall("acme");
    }

    /// How often Intercom was asked who a token is of.
    pub(crate) fn asked(&self) -> usize {
        self.stack.intercom.calls_of("/me").len()
    }

    pub(crate) async fn rows(&self) -> usize {
        let scan = self
            .stack
            .table
            .scan()
            .table_name(TABLE)
            .send()
            .await
            .unwrap();
        scan.items().len()
    }
}

pub(crate) fn acme() -> WorkspaceId {
    WorkspaceId::parse("acme").unwrap()
}
