//! What each function is measured with: `functions/<name>/bench/event.json`; of a package with several
//! functions, `functions/<package>/bench/<name>/event.json`.
//!
//! A function that is added is measured as soon as that file is there; a test says when it is not. The file
//! holds either a request, `{"request": {"method", "path", "headers", "signature", "viewing", "workspace",
//! "body"}}`, where `signature` names the header that carries Intercom's signature of the body, `viewing` is
//! what the link that is followed lets somebody look at, and `workspace` the one that an admin is signed in
//! to; or `{"messages": [body, …]}` for the worker of a queue. The stack that it meets is that of the module
//! `data`.
//!
//! `idle.json` beside it, where there is one, is an event that the function answers without asking AWS: what
//! its own work costs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use identity::{OrganizationId, WorkspaceId};
use intercom::signature::{ClientSecret, HUB_SIGNATURE_HEADER, sign_body, sign_hub};
use jiff::Timestamp;
use pages::sign_in::SignIn;
use pages::signed::Signer;
use pages::viewing::ViewingLink;
use platform::secrets::Secrets;
use runtime_api::events::{self, Message};
use serde::Deserialize;
use serde_json::Value;
use store::{Installer, SignInId};
use test_support::Function;

/// Intercom's requests are signed with it, and the stack's secret holds it.
pub(crate) const CLIENT_SECRET: &str = "bench-client-secret";
/// As it stands in the secret: links are signed under it.
pub(crate) const MASTER_KEY: &str =
    "2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a";
/// When everything happens.
pub(crate) const NOW: &str = "2026-11-20T12:00:00Z";

/// An event, and how to tell whether it was answered well.
#[derive(Debug, Clone)]
pub(crate) enum Sample {
    Request {
        event: Vec<u8>,
    },
    Batch {
        event: Vec<u8>,
        messages: Vec<Message>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum File {
    Request(Box<Request>),
    Messages(Vec<Value>),
}

#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    signature: Option<String>,
    viewing: Option<ViewingLink>,
    workspace: Option<WorkspaceId>,
    body: Option<Value>,
}

/// The event that a function is measured with.
pub(crate) fn event_of(function: &Function) -> Sample {
    Sample::read(&file(function, "event.json"))
}

/// The event that it answers by itself, if it has one.
pub(crate) fn idle_event_of(function: &Function) -> Option<Sample> {
    let file = file(function, "idle.json");
    file.exists().then(|| Sample::read(&file))
}

/// Where a function's file is, or should be.
pub(crate) fn file(function: &Function, name: &str) -> PathBuf {
    function.bench().join(name)
}

impl Sample {
    fn read(file: &Path) -> Self {
        let json = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed: File = serde_json::from_slice(&json)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        match parsed {
            File::Request(request) => Self::request(*request),
            File::Messages(bodies) => Self::batch(&bodies),
        }
    }

    fn request(request: Request) -> Self {
        let body = request.body.map(|body| body.to_string().into_bytes());
        let body = body.unwrap_or_default();
        let mut built = http::Request::builder()
            .method(request.method.as_str())
            .uri(request.path);
        if let Some(link) = &request.viewing {
            // As a browser brings it once the address is clean.
            built = built.header("cookie", format!("__Secure-recapt_key={}", key_of(link)));
        }
        if let Some(workspace) = &request.workspace {
            built = built.header("cookie", sign_in(workspace));
        }
        for (name, value) in request.headers {
            built = built.header(name, value);
        }
        if let Some(header) = request.signature {
            let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
            let sign = match header.eq_ignore_ascii_case(HUB_SIGNATURE_HEADER) {
                true => sign_hub,
                false => sign_body,
            };
            built = built.header(header, sign(&secret, &body));
        }
        let event = events::function_url(&built.body(body).unwrap(), now());
        Self::Request {
            event: event.to_string().into_bytes(),
        }
    }

    fn batch(bodies: &[Value]) -> Self {
        let message = |(n, body): (usize, &Value)| Message {
            id: format!("message-{n}"),
            body: body.to_string(),
            receive_count: 1,
            attributes: BTreeMap::new(),
        };
        let messages: Vec<Message> = bodies.iter().enumerate().map(message).collect();
        let event = events::sqs("arn:aws:sqs:us-east-1:123456789012:bench", &messages, now());
        Self::Batch {
            event: event.to_string().into_bytes(),
            messages,
        }
    }

    /// What the function is handed.
    pub(crate) fn event(&self) -> &[u8] {
        match self {
            Self::Request { event } | Self::Batch { event, .. } => event,
        }
    }

    /// Stops the benchmark when the answer is none: what fails fast must not look fast.
    pub(crate) fn check(&self, answer: &[u8]) {
        let shown = String::from_utf8_lossy(answer);
        match self {
            Self::Request { .. } => {
                let response = events::response(answer).unwrap();
                let status = response.status();
                assert!(status.is_success() || status.is_redirection(), "{shown}");
            }
            Self::Batch { messages, .. } => {
                let failed = events::failed_messages(answer, messages);
                assert!(failed.is_empty(), "{shown}");
            }
        }
    }
}

/// The cookie of an admin who has just signed in to a workspace, by the clock of the functions.
fn sign_in(workspace: &WorkspaceId) -> String {
    let now = Timestamp::now();
    let sign_in = SignIn {
        id: SignInId::from_random([7; 16]),
        organization: OrganizationId::of_first_workspace(workspace),
        workspace: workspace.clone(),
        admin: Installer {
            admin_id: "1".to_owned(),
            name: "Ada".to_owned(),
        },
        epoch: 0,
        issued_at: now,
    };
    let headers = http::HeaderMap::new();
    let cookie = sign_in.cookie(&headers, &signer(), now).unwrap();
    let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
    cookie.to_owned()
}

/// What opens a link. It is good for hours, by the clock of the functions.
fn key_of(link: &ViewingLink) -> String {
    link.sign(&signer(), Timestamp::now()).unwrap()
}

fn signer() -> Signer {
    let variables = [("MASTER_KEY", MASTER_KEY)].into_iter().collect();
    Signer::of(&Secrets::of_environment(&variables)).unwrap()
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}
