//! What Intercom is asked for: within the budget that deliveries share, and go first in.
//!
//! An answer is as new as the moment before the call: whatever it says was so then, or later.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use identity::WorkspaceId;
use intercom::rest::{self, Advice, RateLimit};
use outbox::Spare;
use platform::telemetry::Chain;

use super::Copying;
use crate::{Access, Error, note_refusal};

/// A window of Intercom's, in which it counts calls.
const WINDOW_SECONDS: i64 = 10;

/// Calls that this process has taken out of a window and not made, workspace by workspace.
#[derive(Debug, Default)]
pub(super) struct Lots(Mutex<HashMap<WorkspaceId, (i64, u32)>>);

impl Lots {
    fn take(&self, workspace: &WorkspaceId, window: i64) -> bool {
        let mut lots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match lots.get_mut(workspace) {
            Some((of, left)) if *of == window && *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    fn give(&self, workspace: &WorkspaceId, window: i64, calls: u32) {
        let mut lots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What is left of earlier windows is worth nothing.
        lots.retain(|_, (of, _)| *of == window);
        let lot = lots.entry(workspace.clone()).or_insert((window, 0));
        lot.1 = lot.1.saturating_add(calls);
    }
}

impl Copying<'_> {
    /// What lets us ask; `None` when nobody may: whoever connects the workspace again has everything read.
    pub(super) async fn access(&self) -> Result<Option<Access>, Error> {
        let state = self.state;
        let access = Access::of(self.connection, &state.store, &state.secrets, self.now());
        Ok(access.await?)
    }

    /// Makes a call, when there is one in the budget; `None` when Intercom does not let us, and will not
    /// until somebody does something. `limit`: what the answer says of the window.
    pub(super) async fn ask<T>(
        &self,
        call: impl Future<Output = Result<T, rest::Error>>,
        limit: impl Fn(&T) -> Option<RateLimit>,
    ) -> Result<Option<T>, Error> {
        self.take_call().await?;
        let mirroring = &self.state.mirroring;
        let outbox = mirroring.outbox.of(&self.connection.organization);
        let workspace = &self.connection.workspace;
        match call.await {
            Ok(answer) => {
                if let Some(said) = limit(&answer) {
                    let heeded =
                        outbox.heed_answer(&mirroring.allowances, workspace, &said, self.now());
                    heeded.await?;
                }
                Ok(Some(answer))
            }
            Err(error) => match error.advice() {
                Advice::RetryLater { at } => {
                    if at.is_some() {
                        let said = match &error {
                            rest::Error::Refused { refusal, .. } => refusal.rate_limit.as_ref(),
                            _ => None,
                        };
                        let now = self.now();
                        let heeded =
                            outbox.heed_refusal(&mirroring.allowances, workspace, said, now);
                        heeded.await?;
                    }
                    Err(Error::Intercom(error))
                }
                Advice::Reconnect | Advice::GiveUp => {
                    tracing::warn!(error = %Chain(&error), "what has changed cannot be read");
                    note_refusal(self.connection, &self.state.store, &error).await;
                    Ok(None)
                }
            },
        }
    }

    async fn take_call(&self) -> Result<(), Error> {
        let mirroring = &self.state.mirroring;
        let (organization, workspace) = (&self.connection.organization, &self.connection.workspace);
        let now = self.now();
        let window = now.as_second().div_euclid(WINDOW_SECONDS);
        if mirroring.lots.take(workspace, window) {
            return Ok(());
        }
        let outbox = mirroring.outbox.of(organization);
        match outbox.reserve_spare_calls(workspace, now).await? {
            Spare::Granted(calls) => {
                mirroring
                    .lots
                    .give(workspace, window, calls.saturating_sub(1));
                Ok(())
            }
            // The queue brings it again.
            Spare::NotBefore(at) => Err(Error::NoCallsLeft { until: at }),
        }
    }
}
