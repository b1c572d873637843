//! `POST /health`: how an installation is.

use identity::WorkspaceId;
use intercom::installation::{Health, Problem};
use intercom::rest::Advice;
use jiff::Timestamp;
use notification::Access;
use platform::fault::Fault;
use platform::telemetry::Chain;
use store::{Connection, ConnectionStatus};
use tracing::Span;

use crate::State;
use crate::error::Error;

/// The state of a workspace's installation. What we cannot find out is not called well.
pub(crate) async fn of(state: &State, workspace: &str, now: Timestamp) -> Health {
    let health = match WorkspaceId::parse(workspace) {
        Ok(workspace) => check(state, &workspace, now).await,
        Err(_) => Ok(not_connected(state)),
    };
    match health {
        Ok(health) => {
            tracing::info!(healthy = health == Health::Ok, "health checked");
            health
        }
        Err(error) => {
            tracing::error!(
                "error.type" = error.error_type(),
                retryable = error.is_transient(),
                error = %Chain(&error),
                "health unknown"
            );
            Health::Unknown
        }
    }
}

async fn check(state: &State, workspace: &WorkspaceId, now: Timestamp) -> Result<Health, Error> {
    let Some(connection) = state.store.connections().get(workspace).await? else {
        return Ok(not_connected(state));
    };
    Span::current().record("organization.id", connection.organization.as_str());
    match connection.status {
        ConnectionStatus::Disconnected => Ok(not_connected(state)),
        ConnectionStatus::NeedsAttention => Ok(needs_attention(state)),
        ConnectionStatus::Connected => try_token(state, &connection, now).await,
    }
}

/// Asks Intercom for the one thing that every token may read. This is asked once a day for each workspace.
async fn try_token(
    state: &State,
    connection: &Connection,
    now: Timestamp,
) -> Result<Health, Error> {
    let access = Access::of(connection, &state.store, &state.secrets, now);
    let Some(access) = access.await? else {
        // Connected by an operator rather than by authorization: there is no token that could have died.
        return Ok(Health::Ok);
    };
    let Err(error) = state.intercom.me(access.region, &access.token).await else {
        return Ok(Health::Ok);
    };
    if error.advice() != Advice::Reconnect {
        return Err(error.into());
    }
    let (workspace, epoch) = (&connection.workspace, connection.epoch);
    let is_current = state
        .store
        .connections()
        .mark_needs_attention(workspace, epoch)
        .await?;
    tracing::warn!(error = %Chain(&error), "Intercom refuses the token");
    // Else somebody has connected or disconnected it meanwhile, and this says nothing about it.
    Ok(match is_current {
        true => needs_attention(state),
        false => Health::Unknown,
    })
}

fn not_connected(state: &State) -> Health {
    let problem = Problem::new("Recapt is not connected to this workspace, so panels stay empty.");
    unhealthy(state, problem, "Connect")
}

fn needs_attention(state: &State) -> Health {
    let problem = Problem::new("Intercom no longer accepts our access: reconnect this workspace.");
    unhealthy(state, problem, "Reconnect")
}

/// With a way to the settings page; where nobody knows it, to another installation.
fn unhealthy(state: &State, problem: Problem, label: &str) -> Health {
    Health::Unhealthy(match &state.settings {
        Some(page) => problem.link(label, page.clone()),
        None => problem.reinstall(),
    })
}
