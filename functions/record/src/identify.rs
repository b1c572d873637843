//! `POST /v1/sessions/{session_id}/identify`: whose session it is.

use std::time::Duration;

use api::aliases::KINDS;
use api::quotas::{Quota, Sight};
use identity::{Alias, SessionId};
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::json;
use platform::metrics;
use serde::Serialize;
use store::{Grant, Identification};
use tasks::{EraseTask, SummarizeTask};

use crate::said::Said;
use crate::{Error, State, error};

#[derive(Serialize)]
struct Identified<'a> {
    session_id: &'a SessionId,
    /// The kinds of the aliases that were taken; their values are personal data and not repeated.
    aliases: Vec<&'static str>,
    /// Those of them that are verified, and not only claimed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    verified: Vec<&'static str>,
}

pub(crate) async fn identify(
    state: &State,
    session: &SessionId,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_add(request).await?;
    let now = state.clock.now();
    let admitted = admit(state, &grant, session, now).await;
    admitted.map_err(|error| state.count_refusal(&grant, error))?;
    let said = Said::parse(request.body())?;
    let identification = judge(state, &grant, &said).await?;
    let identified = state.store.of(&grant.organization).sessions().identify(
        session,
        &identification,
        grant.retention_days,
        now,
    );
    let outcome = match identified.await {
        Err(store::Error::Erased) => {
            // It may have been recorded up to now, and belong to somebody who has been erased since.
            let task = EraseTask::session(&grant.organization, session);
            state
                .queues
                .erase
                .send(task.to_body(), Duration::ZERO)
                .await?;
            return Err(error::session_erased());
        }
        identified => identified?,
    };
    state
        .quotas
        .note_session(&grant, session, outcome.is_new, now)
        .await;
    if outcome.owes_problems {
        recount(state, &grant, session).await;
    }
    tracing::info!({ metrics::SESSION_IDENTIFIED } = 1, "session identified");
    let identified = Identified {
        session_id: session,
        aliases: kinds(&[&identification.verified, &identification.claimed]),
        verified: kinds(&[&identification.verified]),
    };
    Ok(json(StatusCode::ACCEPTED, &identified))
}

/// Has a run count the session's problems for its owner. Without it the next chunk's run does.
async fn recount(state: &State, grant: &Grant, session: &SessionId) {
    let task = SummarizeTask::new(&grant.organization, session);
    let sent = state.queues.summarize.send(task.to_body(), Duration::ZERO);
    if let Err(error) = sent.await {
        tracing::warn!(%error, "problems stay counted for the session's former owner");
    }
}

/// Whether the organization may identify this session now.
async fn admit(
    state: &State,
    grant: &Grant,
    session: &SessionId,
    now: Timestamp,
) -> Result<(), Error> {
    let quotas = &state.quotas;
    let of_session = Quota::SessionIdentifications;
    quotas
        .take_of_session(grant, session, of_session, now)
        .await?;
    quotas.take(grant, Quota::Identifications, 1, now).await?;
    quotas
        .admit_session(grant, session, Sight::Unsure, now)
        .await
}

/// What is to be believed. Secrets are read only if there is a signature to judge.
async fn judge(state: &State, grant: &Grant, said: &Said) -> Result<Identification, Error> {
    let now = state.clock.now();
    let verdict = match said.signature_for(grant.scope) {
        None => None,
        Some(_) => {
            let fits = |secret: &_| said.fits(secret);
            let secrets = &state.identity_secrets;
            let judged = secrets.judge(&state.store, &grant.organization, fits, now);
            Some(judged.await?)
        }
    };
    Ok(said.judged(verdict, grant, now)?)
}

/// The kinds among these, each once.
fn kinds(aliases: &[&[Alias]]) -> Vec<&'static str> {
    let aliases = aliases.concat();
    let kinds = KINDS.into_iter().map(|(kind, _)| kind);
    kinds
        .filter(|kind| aliases.iter().any(|alias| alias.kind() == *kind))
        .map(identity::AliasKind::as_str)
        .collect()
}
