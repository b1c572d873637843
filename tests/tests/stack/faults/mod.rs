//! What goes wrong between functions and AWS: in transit, and because DynamoDB is what it is.
//!
//! Emulators answer every call, at once and with everything. These faults make them do what the service does:
//! an answer that is lost after the call was done, a call that is refused for now, a batch that is done in
//! part, writes that meet on a row.

mod answer;
mod asked;
mod locks;
mod plan;
mod unprocessed;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

pub(crate) use answer::{Answer, Refusal};
pub(crate) use asked::Asked;
pub(crate) use plan::{Fault, Loss, Which};

use locks::Locks;
use plan::Plan;

/// What goes wrong. Clones share it: one for all functions of a deployment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    plan: Arc<Mutex<Plan>>,
    locks: Locks,
    /// Ids of the messages whose senders were not told that they are sent.
    copies: Arc<Mutex<HashSet<String>>>,
    happened: Arc<Mutex<usize>>,
}

impl Faults {
    /// Lets this happen to every call that it can happen to, in every service, the first time that it is
    /// made.
    pub(crate) fn everywhere(&self, fault: Fault) {
        self.plan.lock().unwrap().everywhere(fault);
    }

    /// Lets some calls go wrong, so many times after so many that do not.
    pub(crate) fn at(&self, which: Which, after: usize, times: usize, fault: Fault) {
        self.plan.lock().unwrap().at(which, after, times, fault);
    }

    /// Lets every write keep its rows for so long, in which whatever meets it is refused as DynamoDB refuses
    /// it.
    pub(crate) fn writes_take(&self, time: Duration) {
        self.locks.take(time);
    }

    /// Nothing goes wrong any more.
    pub(crate) fn end(&self) {
        *self.plan.lock().unwrap() = Plan::default();
        self.locks.take(Duration::ZERO);
    }

    /// How often something went wrong so far.
    pub(crate) fn happened(&self) -> usize {
        *self.happened.lock().unwrap()
    }

    /// Whether a message is one more than its sender meant to send.
    pub(crate) fn is_copy(&self, message: &str) -> bool {
        self.copies.lock().unwrap().contains(message)
    }

    /// What a call is answered, which `send` passes on; `None` when the connection is closed instead.
    pub(super) async fn happen<S: Future<Output = Answer>>(
        &self,
        asked: Asked,
        body: Vec<u8>,
        send: impl FnOnce(Vec<u8>) -> S,
    ) -> Option<Answer> {
        let fault = self.plan.lock().unwrap().next(&asked);
        if fault.is_some() {
            *self.happened.lock().unwrap() += 1;
        }
        match fault {
            Some(Fault::Refuse(refusal)) => Some(Answer::refusal(&asked, refusal)),
            Some(Fault::LoseAnswer(loss)) => {
                let answer = self.locks.hold(&asked, send(body)).await;
                self.note_copies(&answer);
                match loss {
                    Loss::Closed => None,
                    Loss::ServerError => Some(Answer::server_error(&asked)),
                }
            }
            Some(Fault::LeaveUnprocessed) => Some(unprocessed::leave(&asked, body, send).await),
            None => Some(self.locks.hold(&asked, send(body)).await),
        }
    }

    fn note_copies(&self, answer: &Answer) {
        let answer: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let batch = answer["Successful"].as_array().cloned().unwrap_or_default();
        let ids = batch.iter().chain([&answer]);
        let ids = ids.filter_map(|sent| sent["MessageId"].as_str());
        self.copies.lock().unwrap().extend(ids.map(str::to_owned));
    }
}
