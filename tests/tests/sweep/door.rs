//! The doors of the product: what can be asked of it from outside, and what it answers.

use lambda_http::http::header::LOCATION;
use lambda_http::{Body, Request, Response};
use park_notification::ResendCommand;

use crate::lines::Line;

/// A function that answers requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Accounts,
    Canvas,
    Collect,
    Installation,
    OauthCallback,
    Record,
    Rest,
    Sessions,
    Settings,
    VerifyWebhook,
}

/// One thing that is asked.
#[derive(Debug, Clone)]
pub(crate) enum Door {
    /// A request.
    Request(Service, Sent),
    /// A batch of a queue.
    Batch(Line),
    /// A batch of its dead letters.
    DeadLetters(Line),
    /// The clock strikes for a function that has a queue as well.
    Schedule(Line),
    /// An operator wants parked notifications sent again.
    Resend(ResendCommand),
}

impl Door {
    /// The folder of the function behind it.
    pub(crate) fn function(&self) -> &'static str {
        match self {
            Self::Request(service, _) => service.function(),
            Self::Batch(line) | Self::Schedule(line) => line.function(),
            Self::DeadLetters(_) | Self::Resend(_) => "park-notification",
        }
    }
}

impl Service {
    fn function(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Canvas => "canvas",
            Self::Collect => "collect",
            Self::Installation => "installation",
            Self::OauthCallback => "oauth-callback",
            Self::Record => "record",
            Self::Rest => "rest",
            Self::Sessions => "sessions",
            Self::Settings => "settings",
            Self::VerifyWebhook => "verify-webhook",
        }
    }
}

/// A request that can be sent again.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// How an answer says that something failed, when its status does not.
const FAILURES: [&str; 4] = [
    "Something failed",
    r#"{"state":"UNKNOWN"}"#,
    "?done=some-not-sent",
    "?done=not-revoked",
];

/// Where all functions are.
pub(crate) const HOST: &str = "app.example.com";

impl Sent {
    pub(crate) fn request(&self) -> Request {
        let request = lambda_http::http::Request::builder()
            .method(self.method)
            .uri(format!("https://{HOST}{}", self.target))
            .header("host", HOST);
        let headers = self.headers.iter();
        let request = headers.fold(request, |request, (name, value)| {
            request.header(*name, value)
        });
        request.body(Body::Binary(self.body.clone())).unwrap()
    }
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Whether whoever asked leaves it at that.
    pub(crate) is_success: bool,
    pub(crate) status: u16,
    /// By name.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn of(response: &Response<Body>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = response.headers().iter();
        let mut headers: Vec<_> = headers
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect();
        headers.sort();
        let body = text(response.body());
        let status = response.status();
        // In words, where a status would not be heard: on panels, in answers about an installation's health,
        // on pages.
        let says = |failure: &&str| {
            let mut headers = headers.iter();
            headers.any(|(_, value)| value.contains(*failure)) || body.contains(*failure)
        };
        let is_admitted = FAILURES.iter().any(says);
        Self {
            is_success: !status.is_server_error() && !is_admitted,
            status: status.as_u16(),
            headers,
            body,
        }
    }

    /// That of a function which is not asked over HTTP.
    pub(crate) fn told(is_success: bool, body: String) -> Self {
        Self {
            is_success,
            body,
            ..Self::default()
        }
    }

    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(name, _)| name == wanted)?;
        Some(value)
    }

    /// The cookies that it sets.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter();
        headers.filter_map(|(name, value)| (name == "set-cookie").then_some(value.as_str()))
    }

    /// Where it sends a browser: path and query, on our host.
    pub(crate) fn location(&self) -> String {
        let location = self.header(LOCATION.as_str()).unwrap();
        let ours = format!("https://{HOST}");
        location.strip_prefix(&ours).unwrap_or(location).to_owned()
    }

    /// What stands between two texts.
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let rest = self.body.split_once(before);
        let (_, rest) = rest.unwrap_or_else(|| panic!("no {before} in {self:?}"));
        rest.split_once(after).unwrap().0.to_owned()
    }

    /// The whole of it.
    pub(crate) fn text(&self) -> String {
        let headers = self.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        format!("{}\n{}\n{}", self.status, headers.join("\n"), self.body)
    }
}
