//! What the fake Intercom was asked.

use bytes::Bytes;
use http::{Method, Request, StatusCode};

/// So many calls are kept, and up to as many again: local mode runs for days, and nobody looks.
const KEPT: usize = 10_000;

/// A call, and how it was answered.
#[derive(Debug, Clone)]
pub struct Call {
    /// All that was sent. Its path is the one in Intercom's documentation.
    pub request: Request<Bytes>,
    /// The status of the answer; `None` while there is none.
    pub status: Option<StatusCode>,
    number: u64,
}

impl Call {
    /// How it was asked.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// The path in Intercom's documentation, such as `/me`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.request.uri().path()
    }

    /// A header that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// The token that it was made with.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.request.body()
    }
}

/// The latest calls, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Journal {
    calls: Vec<Call>,
    next: u64,
}

impl Journal {
    /// Takes note of a call that has no answer yet; its number.
    pub(super) fn asked(&mut self, request: Request<Bytes>) -> u64 {
        let number = self.next;
        self.next += 1;
        if self.calls.len() >= 2 * KEPT {
            self.calls.drain(..KEPT);
        }
        self.calls.push(Call {
            request,
            status: None,
            number,
        });
        number
    }

    /// Takes note of its answer, unless nobody is interested any more.
    pub(super) fn answered(&mut self, number: u64, status: StatusCode) {
        let asked = self.calls.iter_mut().find(|call| call.number == number);
        if let Some(call) = asked {
            call.status = Some(status);
        }
    }

    pub(super) fn calls(&self) -> &[Call] {
        &self.calls
    }

    pub(super) fn take(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.calls)
    }
}
