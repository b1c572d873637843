//! What goes wrong with calls, as a test plans it.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::rate_limit::Allowance;

/// What goes wrong with a call.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It takes effect and is answered so much later.
    Slow(Duration),
    /// It has no effect, and the connection is kept without an answer.
    Silent,
    /// It has no effect and is answered with this.
    Answer(Response<Bytes>),
    /// It has no effect, and the connection is closed without an answer.
    CutOffBefore,
    /// It takes effect, and the connection is closed without an answer.
    CutOffAfter,
}

impl Fault {
    /// Any answer with a JSON body.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        let mut answer = respond(status, body.to_string());
        let json = http::HeaderValue::from_static("application/json");
        answer.headers_mut().insert(CONTENT_TYPE, json);
        Self::Answer(answer)
    }

    /// Any answer with these very bytes as its body.
    #[must_use]
    pub fn text(status: u16, body: &str) -> Self {
        Self::Answer(respond(status, body.to_owned()))
    }

    /// An error in Intercom's words, which quote somebody.
    #[must_use]
    pub fn refusal(status: u16, code: &str) -> Self {
        Self::json(status, &error_list(code, "of ada@acme.example"))
    }

    /// The answer to a call too many, whose window ends at `reset`.
    #[must_use]
    pub fn full(reset: Timestamp) -> Self {
        let mut fault = Self::refusal(429, "rate_limit_exceeded");
        if let Self::Answer(answer) = &mut fault {
            Allowance::spent(1_666, reset).write(answer.headers_mut());
        }
        fault
    }
}

/// A body as Intercom has it for errors.
#[must_use]
pub fn error_list(code: &str, message: &str) -> Value {
    json!({
        "type": "error.list", "request_id": "12a938a3-314e-4939-b773-5cd45738bd21",
        "errors": [{ "code": code, "message": message }]
    })
}

/// A status that is none is a failure of the server.
fn respond(status: u16, body: String) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer
}

/// What is going to go wrong, in this order.
#[derive(Debug, Default)]
pub(super) struct Plan(VecDeque<Step>);

#[derive(Debug)]
struct Step {
    /// Of which calls; `None`: of all.
    path: Option<String>,
    /// `None`: nothing goes wrong.
    fault: Option<Fault>,
    /// Not only with the next call.
    stays: bool,
}

impl Plan {
    pub(super) fn next(&mut self, fault: Option<Fault>) {
        self.0.push_back(Step {
            path: None,
            fault,
            stays: false,
        });
    }

    pub(super) fn once(&mut self, path: &str, fault: Fault) {
        self.0.push_back(Step {
            path: Some(path.to_owned()),
            fault: Some(fault),
            stays: false,
        });
    }

    /// In the place of an earlier fault that stays with this path.
    pub(super) fn always(&mut self, path: &str, fault: Fault) {
        self.0
            .retain(|step| !(step.stays && step.path.as_deref() == Some(path)));
        self.0.push_back(Step {
            path: Some(path.to_owned()),
            fault: Some(fault),
            stays: true,
        });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// What goes wrong with a call of this path, which is made now.
    pub(super) fn take(&mut self, path: &str) -> Option<Fault> {
        let concerns = |step: &Step| step.path.as_deref().is_none_or(|planned| planned == path);
        let position = self.0.iter().position(concerns)?;
        match self.0.get(position) {
            Some(step) if step.stays => step.fault.clone(),
            _ => self.0.remove(position)?.fault,
        }
    }
}
