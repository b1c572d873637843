//! What each kind of message does.

use std::time::Duration;

use fail::fail_point;
use identity::{OrganizationId, SessionId};
use platform::metrics;
use platform::queue::MAX_DELAY;
use store::{OldSessions, PersonErasure};
use tasks::EraseTask;
use tracing::Span;

use crate::{Error, State, at_intercom};

/// Steps of one run. Most people have so few sessions that it does all of them.
const STEPS_PER_RUN: usize = 10;

/// Rounds of erasing one session in one run: each takes hundreds of its chunks.
const ROUNDS_PER_RUN: usize = 20;

/// After this long nobody is writing any more what was under way when a session was erased: no function runs,
/// and no recorder waits for an answer, for nearly as long.
const SETTLING_DELAY: Duration = MAX_DELAY;

/// Does what a message asks for, or the next part of it.
pub(crate) async fn run(state: &State, task: EraseTask) -> Result<(), Error> {
    match task {
        EraseTask::PersonV1 { erasure } => {
            mark(erasure.organization());
            erase_person(state, erasure).await
        }
        EraseTask::SessionsV1 {
            organization,
            sessions,
            is_last,
        } => {
            mark(&organization);
            erase_sessions(state, &organization, sessions, is_last).await
        }
        EraseTask::OlderV1 { old } => {
            mark(old.organization());
            erase_older(state, old).await
        }
    }
}

fn mark(organization: &OrganizationId) {
    Span::current().record("organization.id", organization.as_str());
}

async fn erase_person(state: &State, mut erasure: PersonErasure) -> Result<(), Error> {
    let organization = erasure.organization().clone();
    for number in 0..STEPS_PER_RUN {
        if erasure.is_irrevocable() && number > 0 {
            // It takes away by what everything is known, so a message has to know that first.
            break;
        }
        at_intercom::forget(state, &erasure).await?;
        let now = state.clock.now();
        let step = state.store.erasure_step(erasure.clone(), now).await?;
        if !step.sessions.is_empty() {
            let left = erase(state, &organization, step.sessions).await?;
            if !left.is_empty() {
                // The same step finds them again.
                return send(state, &EraseTask::person(erasure), Duration::ZERO).await;
            }
        }
        let Some(next) = step.next else {
            tracing::info!({ metrics::PERSON_ERASED } = 1, "somebody is erased");
            return Ok(());
        };
        if step.is_second {
            send(state, &EraseTask::person(next), SETTLING_DELAY).await?;
            fail_point!(crate::steps::SECOND_SENT);
            return Ok(());
        }
        erasure = next;
    }
    send(state, &EraseTask::person(erasure), Duration::ZERO).await
}

async fn erase_sessions(
    state: &State,
    organization: &OrganizationId,
    sessions: Vec<SessionId>,
    is_last: bool,
) -> Result<(), Error> {
    let left = match is_last {
        true => erase_each(state, organization, sessions, true).await?,
        false => erase(state, organization, sessions).await?,
    };
    if left.is_empty() {
        return Ok(());
    }
    let task = EraseTask::SessionsV1 {
        organization: organization.clone(),
        sessions: left,
        is_last,
    };
    send(state, &task, Duration::ZERO).await
}

async fn erase_older(state: &State, mut old: OldSessions) -> Result<(), Error> {
    let organization = old.organization().clone();
    for _ in 0..STEPS_PER_RUN {
        let now = state.clock.now();
        let (sessions, next) = state.store.old_sessions(old.clone(), now).await?;
        let retention_days = old.retention_days();
        let mut outlived = Vec::with_capacity(sessions.len());
        for session in sessions {
            // One may have come back since it was looked at.
            let entombed = state.store.of(&organization).sessions().entomb_outlived(
                &session,
                retention_days,
                now,
            );
            if entombed.await? {
                outlived.push(session);
            }
        }
        // Nobody has been writing to them for weeks.
        let left = erase_each(state, &organization, outlived, true).await?;
        if !left.is_empty() {
            // Found again: a session stays in its list until the rest of it is gone.
            return send(state, &EraseTask::older(old), Duration::ZERO).await;
        }
        match next {
            Some(next) => old = next,
            None => return Ok(()),
        }
    }
    send(state, &EraseTask::older(old), Duration::ZERO).await
}

/// Erases sessions, and sees to it that it is done once more; returns those that are not erased whole.
async fn erase(
    state: &State,
    organization: &OrganizationId,
    sessions: Vec<SessionId>,
) -> Result<Vec<SessionId>, Error> {
    let task = EraseTask::SessionsV1 {
        organization: organization.clone(),
        sessions: sessions.clone(),
        is_last: true,
    };
    // First: a session that is erased is in no list any more, and would be forgotten if this broke off.
    send(state, &task, SETTLING_DELAY).await?;
    fail_point!(crate::steps::SWEEP_SENT);
    erase_each(state, organization, sessions, false).await
}

async fn erase_each(
    state: &State,
    organization: &OrganizationId,
    sessions: Vec<SessionId>,
    is_last: bool,
) -> Result<Vec<SessionId>, Error> {
    let mut left = Vec::new();
    'sessions: for session in sessions {
        for _ in 0..ROUNDS_PER_RUN {
            let now = state.clock.now();
            let recordings = &state.recordings;
            let erased = recordings
                .of(organization)
                .erase_session(&session, is_last, now);
            if erased.await? {
                tracing::info!(
                    { metrics::SESSION_ERASED } = u8::from(!is_last),
                    session.id = %session,
                    "session erased"
                );
                continue 'sessions;
            }
        }
        left.push(session);
    }
    Ok(left)
}

async fn send(state: &State, task: &EraseTask, delay: Duration) -> Result<(), Error> {
    Ok(state.queues.erase.send(task.to_body(), delay).await?)
}
