//! The secret as it is now: an operator may change it while functions run.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::{Needs, Secrets, SecretsError};
use crate::aws::{JsonService, Protocol, Services};
use crate::config::Environment;
use crate::telemetry::Chain;

const SECRETS_MANAGER: Protocol = Protocol {
    name: "secretsmanager",
    variable: "SECRETS_MANAGER",
    target: "secretsmanager",
    version: "1.1",
};

/// How long a reading is good.
const READING_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// Shortest time between two readings. Anybody can cause one, by sending a wrong signature.
const MIN_READ_INTERVAL: SignedDuration = SignedDuration::from_secs(60);

/// The secret, read anew now and then. Cheap to clone; Debug shows nothing of it.
///
/// On one machine it is what the environment said at the start.
#[derive(Clone)]
pub struct LiveSecrets {
    source: Option<Source>,
    check: Check,
    reading: Arc<Mutex<Reading>>,
}

/// Whether what was read can be used. A later reading that cannot be does not count.
pub type Check = fn(&Secrets) -> Result<(), SecretsError>;

/// Where the secrets are.
#[derive(Clone)]
pub(super) struct Source {
    service: JsonService,
    arns: Vec<String>,
}

struct Reading {
    secrets: Arc<Secrets>,
    /// When the last try was begun.
    tried_at: Timestamp,
    /// When the next one is due.
    due_at: Timestamp,
}

impl LiveSecrets {
    /// Reads the secrets that a function needs; where no variable names one, the environment.
    ///
    /// Meant for a function's start: the CPU is not throttled then, and the TLS handshake is done before the
    /// first request waits for it. A later reading counts only if it passes `check`.
    ///
    /// # Errors
    /// When Secrets Manager does not answer, or with something else than a JSON object.
    pub async fn read(
        services: &Services,
        environment: &Environment,
        needs: Needs,
        now: Timestamp,
        check: Check,
    ) -> Result<Self, SecretsError> {
        let Some(source) = Source::of(services, environment, needs) else {
            return Ok(Self::fixed(Secrets::of_environment(environment)));
        };
        let secrets = source.read().await?;
        Ok(Self {
            check,
            ..Self::new(Some(source), secrets, now)
        })
    }

    /// Secrets that never change.
    #[must_use]
    pub fn fixed(secrets: Secrets) -> Self {
        Self::new(None, secrets, Timestamp::UNIX_EPOCH)
    }

    /// The secrets as they were last read: for requests that have no time for another reading.
    #[must_use]
    pub fn known(&self) -> Arc<Secrets> {
        self.reading().secrets.clone()
    }

    /// The secrets, at most five minutes old; older ones while Secrets Manager does not answer.
    pub async fn current(&self, now: Timestamp) -> Arc<Secrets> {
        self.read_if(now, |reading| reading.due_at <= now).await
    }

    /// The secrets, read anew unless they were within the last minute: for when a signature does not fit, or
    /// a key is unknown.
    pub async fn renewed(&self, now: Timestamp) -> Arc<Secrets> {
        self.read_if(now, |reading| reading.tried_at + MIN_READ_INTERVAL <= now)
            .await
    }

    fn new(source: Option<Source>, secrets: Secrets, now: Timestamp) -> Self {
        let reading = Reading {
            secrets: Arc::new(secrets),
            tried_at: now,
            due_at: now + READING_LIFETIME,
        };
        Self {
            source,
            check: |_| Ok(()),
            reading: Arc::new(Mutex::new(reading)),
        }
    }

    async fn read_if(&self, now: Timestamp, is_due: impl Fn(&Reading) -> bool) -> Arc<Secrets> {
        let source = {
            let mut reading = self.reading();
            let Some(source) = self.source.as_ref().filter(|_| is_due(&reading)) else {
                return reading.secrets.clone();
            };
            // Whoever comes meanwhile gets what there is, and so does everybody for a minute if this fails.
            reading.tried_at = now;
            reading.due_at = now + MIN_READ_INTERVAL;
            source
        };
        match self.read_again(source).await {
            Ok(secrets) => {
                let mut reading = self.reading();
                reading.secrets = Arc::new(secrets);
                reading.due_at = now + READING_LIFETIME;
            }
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "the secret stays as it was last read");
            }
        }
        self.reading().secrets.clone()
    }

    /// A reading that fails the check is an error, and the secrets in service stay.
    async fn read_again(&self, source: &Source) -> Result<Secrets, SecretsError> {
        let secrets = source.read().await?;
        (self.check)(&secrets)?;
        Ok(secrets)
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What Secrets Manager answers; a secret of bytes has no text.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "SecretString", default)]
    text: String,
}

impl Source {
    /// The secrets that a function needs; `None` where no variable names one.
    pub(super) fn of(services: &Services, environment: &Environment, needs: Needs) -> Option<Self> {
        let named = needs.variables().iter();
        let named = named.filter_map(|variable| environment.optional(variable));
        let arns: Vec<String> = named.map(str::to_owned).collect();
        (!arns.is_empty()).then(|| Self {
            arns,
            service: services.json(SECRETS_MANAGER),
        })
    }

    /// One after the other, over one connection: another handshake would take longer.
    pub(super) async fn read(&self) -> Result<Secrets, SecretsError> {
        let mut texts = Vec::with_capacity(self.arns.len());
        for arn in &self.arns {
            let parameters = json!({ "SecretId": arn });
            let answer = self.service.call("GetSecretValue", &parameters).await;
            let Answer { text } =
                answer.map_err(|error| SecretsError::Unavailable(error.into()))?;
            texts.push(text);
        }
        Secrets::merge(texts.iter().map(String::as_str))
    }
}

impl fmt::Debug for LiveSecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LiveSecrets(redacted)")
    }
}
