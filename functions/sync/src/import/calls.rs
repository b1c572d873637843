//! Calls to Intercom, as few as deliveries leave.

use identity::{OrganizationId, WorkspaceId};
use intercom::rest::{Error, RateLimit};
use jiff::Timestamp;
use outbox::Spare;

use crate::State;
use crate::import::Stop;

/// Calls in the name of a workspace.
pub(crate) struct Calls<'a> {
    state: &'a State,
    organization: &'a OrganizationId,
    workspace: &'a WorkspaceId,
    left: u32,
    /// When what is left was taken: it is worth nothing in a later window.
    taken_at: Option<Timestamp>,
}

impl<'a> Calls<'a> {
    pub(crate) fn new(
        state: &'a State,
        organization: &'a OrganizationId,
        workspace: &'a WorkspaceId,
    ) -> Self {
        Self {
            state,
            organization,
            workspace,
            left: 0,
            taken_at: None,
        }
    }

    /// Takes as many calls out of the window as there are, at most so many; when there is none, it says when
    /// there may be.
    pub(crate) async fn take(&mut self, wanted: u32) -> Result<u32, Stop> {
        const WINDOW_SECONDS: i64 = 10;
        let now = self.state.clock.now();
        let window = |at: Timestamp| at.as_second().div_euclid(WINDOW_SECONDS);
        if self.taken_at.map(window) != Some(window(now)) {
            self.left = 0;
        }
        while self.left < wanted {
            let outbox = self.state.outbox.of(self.organization);
            match outbox.reserve_spare_calls(self.workspace, now).await? {
                Spare::Granted(calls) => {
                    self.left += calls;
                    self.taken_at = Some(now);
                }
                Spare::NotBefore(at) if self.left == 0 => return Err(Stop::Wait(at)),
                Spare::NotBefore(_) => break,
            }
        }
        let taken = wanted.min(self.left);
        self.left -= taken;
        Ok(taken)
    }

    /// Heeds what an answer says of the window.
    pub(crate) async fn heed(&self, said: Option<&RateLimit>) -> Result<(), Stop> {
        let Some(said) = said else {
            return Ok(());
        };
        let now = self.state.clock.now();
        let outbox = self.state.outbox.of(self.organization);
        let heeded = outbox.heed_answer(&self.state.allowances, self.workspace, said, now);
        Ok(heeded.await?)
    }

    /// What a refusal means: too much was asked, and nobody asks before the next window; or something else.
    pub(crate) async fn refused(&self, error: Error) -> Stop {
        let Error::Refused { refusal, .. } = &error else {
            return Stop::Intercom(error);
        };
        if refusal.status.as_u16() != 429 {
            return Stop::Intercom(error);
        }
        let now = self.state.clock.now();
        let outbox = self.state.outbox.of(self.organization);
        let said = refusal.rate_limit.as_ref();
        let heeded = outbox.heed_refusal(&self.state.allowances, self.workspace, said, now);
        match heeded.await {
            Ok(until) => Stop::Wait(until),
            Err(error) => error.into(),
        }
    }
}
