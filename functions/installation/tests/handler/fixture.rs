//! The handler, one workspace, and an Intercom that knows its token.

use aws_sdk_dynamodb::Client;
use identity::{MasterKey, WorkspaceId};
use installation::{LIMITS, State};
use intercom::fake::{Directory, FakeIntercom, Fault, Options, Workspace};
use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use intercom::{Hosts, HttpsUrl, rest};
use jiff::Timestamp;
use lambda_http::http::{Method, Response};
use lambda_http::{Body, Request};
use platform::clock::Clock;
use platform::secrets::{LiveSecrets, Secrets};
use serde_json::Value;
use store::{Connection, Installer, NewConnection, SecretText, Store, WorkspaceProfile};

const TABLE: &str = "recapt-intercom";
const NOW: &str = "2026-11-20T12:00:00Z";
pub(crate) const SETTINGS: &str = "https://recapt.example/settings/integrations/intercom";
const CLIENT_SECRET: &str = "the-client-secret";
const TOKEN: &str = "dG9r";

pub(crate) struct Fixture {
    pub(crate) state: State,
    intercom: FakeIntercom,
    client: Client,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        let (client, _) = test_support::embedded_dynamodb().await;
        store::create_table(&client, TABLE).await.unwrap();
        Self::over(client).await
    }

    /// The handler over whatever the client talks to.
    pub(crate) async fn over(client: Client) -> Self {
        let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
        let intercom = FakeIntercom::new(Options::new("the-client-id", secret));
        intercom.add(Workspace::new("acme", "Acme"), Directory::default());
        intercom.grant("acme", TOKEN);
        let hosts = Hosts::new(Some(intercom.serve().await.unwrap()), None).unwrap();
        let variables = [
            ("MASTER_KEY", "2a".repeat(32)),
            ("INTERCOM_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value));
        let state = State {
            store: Store::new(client.clone(), TABLE, MasterKey::new([42; 32]).unwrap()),
            secrets: LiveSecrets::fixed(Secrets::of_environment(&variables.into_iter().collect())),
            intercom: rest::Client::with_limits(hosts, LIMITS),
            settings: Some(HttpsUrl::parse(SETTINGS).unwrap()),
            clock: Clock::fixed(NOW.parse().unwrap()),
        };
        Self {
            state,
            intercom,
            client,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// Connects the workspace `acme`.
    pub(crate) async fn connect(&self) -> Connection {
        let wanted = NewConnection {
            workspace: acme(),
            profile: WorkspaceProfile {
                name: "Acme".to_owned(),
                region: "EU".to_owned(),
                timezone: "Europe/Dublin".to_owned(),
            },
            token: SecretText::new(TOKEN),
            installer: Installer {
                admin_id: "1".to_owned(),
                name: "Ada".to_owned(),
            },
        };
        self.state.store.connect(&wanted, self.now()).await.unwrap()
    }

    pub(crate) async fn connection(&self) -> Connection {
        let connection = self.state.store.connection(&acme()).await.unwrap();
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
        self.intercom.heal();
        if status != 200 {
            let refusal = Fault::refusal(status, "none_of_many");
            self.intercom.fail_always("/me", refusal);
        }
    }

    /// How often Intercom was asked who a token is of.
    pub(crate) fn asked(&self) -> usize {
        self.intercom.calls_of("/me").len()
    }

    pub(crate) async fn rows(&self) -> usize {
        let scan = self.client.scan().table_name(TABLE).send().await.unwrap();
        scan.items().len()
    }
}

pub(crate) fn acme() -> WorkspaceId {
    WorkspaceId::parse("acme").unwrap()
}
