//! What lets us ask Intercom about a workspace.

use intercom::Region;
use intercom::oauth::{AccessToken, MalformedToken};
use intercom::rest::{self, Advice};
use jiff::Timestamp;
use platform::fault::{Fault, Kind};
use platform::secrets::{LiveSecrets, SecretsError};
use platform::telemetry::Chain;
use store::{Connection, SecretText, Store};

/// A workspace's token, and where to take it.
pub struct Access {
    /// Where the workspace is hosted.
    pub region: Region,
    /// Opens the workspace's part of the API.
    pub token: AccessToken,
}

/// A token could not be had.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The secret lacks a key.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// What is stored as a token is none.
    #[error("the stored token is damaged")]
    Token(#[from] MalformedToken),
}

impl Fault for AccessError {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Secrets(error) => error.kind(),
            Self::Token(_) => Kind::lasting("access.token"),
        }
    }
}

impl Access {
    /// That of a connection; `None` when it has no token.
    ///
    /// # Errors
    /// See [`AccessError`].
    pub async fn of(
        connection: &Connection,
        store: &Store,
        secrets: &LiveSecrets,
        now: Timestamp,
    ) -> Result<Option<Self>, AccessError> {
        let Some(token) = token(connection, store, secrets, now).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            region: Region::parse(connection.region.as_str()),
            token: AccessToken::parse(token.expose())?,
        }))
    }
}

/// Notes on the connection that Intercom refuses its token, if that is what the error says. Best-effort: the
/// next call finds out again.
pub async fn note_refusal(connection: &Connection, store: &Store, error: &rest::Error) {
    if error.advice() != Advice::Reconnect {
        return;
    }
    tracing::warn!(error = %Chain(error), "Intercom refuses the token");
    let marked = store
        .connections()
        .mark_needs_attention(&connection.workspace, connection.epoch)
        .await;
    if let Err(error) = marked {
        tracing::warn!(error = %Chain(&error), "a connection could not be marked");
    }
}

/// The token, with keys read anew when it is sealed with one that we do not know yet.
async fn token(
    connection: &Connection,
    store: &Store,
    secrets: &LiveSecrets,
    now: Timestamp,
) -> Result<Option<SecretText>, AccessError> {
    let keys = wiring::token_keys(&*secrets.current(now).await)?;
    match store
        .with_token_keys(keys)
        .connections()
        .token(connection)
        .await
    {
        Err(store::Error::Table(table::Error::UnknownKey { .. })) => {
            let keys = wiring::token_keys(&*secrets.renewed(now).await)?;
            Ok(store
                .with_token_keys(keys)
                .connections()
                .token(connection)
                .await?)
        }
        token => Ok(token?),
    }
}
