//! `POST /v1/sessions/{session_id}/identify`: whose session it is.

use std::time::Duration;

use api::aliases::KINDS;
use identity::{Alias, SessionId};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::json;
use platform::metrics;
use serde::Serialize;
use store::{Grant, Identification};
use tasks::EraseTask;

use crate::said::Said;
use crate::{Error, State, error};

#[derive(Serialize)]
struct Identified<'a> {
    session_id: &'a SessionId,
    /// The kinds of the aliases that were taken; their values are personal data and not repeated.
    aliases: Vec<&'static str>,
    /// Those of them that are verified, and not only claimed.
    verified: Vec<&'static str>,
}

pub(crate) async fn identify(
    state: &State,
    session: &SessionId,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_add(request).await?;
    let said = Said::parse(request.body())?;
    let identification = judge(state, &grant, &said).await?;
    let identified = state.store.of(&grant.organization).sessions().identify(
        session,
        &identification,
        grant.retention_days,
        state.clock.now(),
    );
    match identified.await {
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
    }
    tracing::info!({ metrics::SESSION_IDENTIFIED } = 1, "session identified");
    let identified = Identified {
        session_id: session,
        aliases: kinds(&[&identification.verified, &identification.claimed]),
        verified: kinds(&[&identification.verified]),
    };
    Ok(json(StatusCode::ACCEPTED, &identified))
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
