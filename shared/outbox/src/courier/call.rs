//! One call of Intercom's, within the workspace's budget, and what its failure means.

use http::StatusCode;
use intercom::rest::{self, Advice, Detail, Done, RateLimit, Refusal};

use super::{Courier, Progress, Stop, Verdict};
use crate::delivery::ApiCall;
use crate::pace::budget::{Reserved, reset};
use crate::pace::hold::HoldReason;

/// Most calls that are kept of an event: more than its steps need, many new attributes excepted.
const MOST_CALLS: usize = 60;

/// What Intercom answered: what was asked for, or that it does not do it.
pub(crate) type Answered<T> = Result<T, Box<Refusal>>;

impl Courier<'_> {
    /// Has a call counted before it is made.
    pub(super) async fn reserve(&mut self) -> Progress<()> {
        let now = self.now();
        let reserved = self
            .outbox
            .reserve_call(self.allowances, self.workspace, now);
        match reserved.await? {
            Reserved::Granted => Ok(()),
            Reserved::NotBefore(at) => Err(Stop::With(Verdict::NotBefore(at))),
        }
    }

    /// What came of a call. `path` holds Intercom's ids, and nothing that names a person.
    pub(super) async fn heard<T>(
        &mut self,
        method: &'static str,
        path: String,
        result: Result<Done<T>, rest::Error>,
    ) -> Progress<Answered<T>> {
        let (status, said) = match &result {
            Ok(done) => (Some(done.status), done.rate_limit),
            Err(rest::Error::Refused { refusal, .. }) => (Some(refusal.status), refusal.rate_limit),
            Err(_) => (None, None),
        };
        let is_of_one_step = path.ends_with("/data_attributes") || path.contains("/companies");
        if self.calls.len() < MOST_CALLS {
            self.calls.push(ApiCall {
                method: method.to_owned(),
                path,
                status: status.map(|status| status.as_u16()),
            });
        }
        if let Some(said) = &said {
            let now = self.now();
            self.outbox
                .heed_limit(self.allowances, self.workspace, said, now)
                .await?;
        }
        match result {
            Ok(done) => Ok(Ok(done.value)),
            Err(rest::Error::Refused { refusal, .. }) => {
                let is_not_allowed = matches!(refusal.detail, Some(Detail::Plan | Detail::Scope));
                if is_of_one_step && is_not_allowed {
                    // Whoever may not tell of companies may tell of people.
                    return Ok(Err(refusal));
                }
                self.refused(refusal, said.as_ref()).await.map(Err)
            }
            Err(error) => Err(Stop::With(match error.advice() {
                Advice::RetryLater { .. } => Verdict::Unavailable,
                Advice::Reconnect => Verdict::Held(HoldReason::TokenRefused),
                // It was done, and the answer makes no sense: it may make sense next time.
                Advice::GiveUp => Verdict::Unavailable,
            })),
        }
    }

    /// Sorts out what goes for the whole workspace; everything else is the caller's.
    async fn refused(
        &mut self,
        refusal: Box<Refusal>,
        said: Option<&RateLimit>,
    ) -> Progress<Box<Refusal>> {
        let held = match &refusal.detail {
            Some(Detail::Plan) => Some(HoldReason::PlanRestricted),
            Some(Detail::Scope) => Some(HoldReason::ScopeMissing),
            Some(Detail::IpAllowlist) => Some(HoldReason::IpNotAllowed),
            _ => None,
        };
        if let Some(reason) = held {
            return Err(Stop::With(Verdict::Held(reason)));
        }
        let is_rate_limit = refusal.status == StatusCode::TOO_MANY_REQUESTS;
        let error = rest::Error::Refused {
            operation: "tell Intercom",
            refusal,
        };
        match error.advice() {
            Advice::RetryLater { .. } if is_rate_limit => {
                let now = self.now();
                let until = reset(said, now);
                self.outbox
                    .close_window(self.allowances, self.workspace, until)
                    .await?;
                Err(Stop::With(Verdict::NotBefore(until)))
            }
            Advice::RetryLater { .. } => Err(Stop::With(Verdict::Unavailable)),
            Advice::Reconnect => Err(Stop::With(Verdict::Held(HoldReason::TokenRefused))),
            Advice::GiveUp => match error {
                rest::Error::Refused { refusal, .. } => Ok(refusal),
                _ => Err(Stop::With(Verdict::Unavailable)),
            },
        }
    }
}

/// The verdict on what Intercom refuses for good.
pub(super) fn failed(refusal: &Refusal) -> Stop {
    let status = refusal.status.as_u16();
    let code = refusal.code.as_deref();
    let not_allowed = match refusal.detail {
        Some(Detail::Plan) => Some(HoldReason::PlanRestricted),
        Some(Detail::Scope) => Some(HoldReason::ScopeMissing),
        _ => None,
    };
    if let Some(reason) = not_allowed {
        return Stop::With(Verdict::Failed(reason.as_str().to_owned()));
    }
    Stop::With(Verdict::Failed(match code {
        Some(code) => format!("refused_{status}:{code}"),
        None => format!("refused_{status}"),
    }))
}

/// Whether there is no such contact any more.
pub(super) fn is_gone(refusal: &Refusal) -> bool {
    matches!(refusal.status, StatusCode::NOT_FOUND | StatusCode::GONE)
}
