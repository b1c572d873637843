//! What local mode can be told: its environment variables.

use std::{fmt, path::PathBuf};

use intercom::oauth::AccessToken;
use jiff::SignedDuration;
use platform::config::{ConfigError, Environment};
use record::Limits;
use store::{MessengerPlatform, NewMessengerSecret, SecretText};
use url::Url;

use crate::StartError;

/// How late the searches of the pretend Intercom are, milliseconds. The real ones take up to minutes.
const SEARCH_LAG_MS: u32 = 2_000;

/// An hour: longer than anybody waits.
const LONGEST_SEARCH_LAG: SignedDuration = SignedDuration::from_hours(1);

/// Calls in ten seconds: a sixth of the 10,000 a minute that Intercom allows an app.
const RATE_LIMIT: u64 = 1_667;

/// Everything that `make run` can be told. [`Config::from_environment`] documents the variables.
#[derive(Debug)]
pub struct Config {
    /// `PORT` on 127.0.0.1, 9000 unless told; 0 takes any free one.
    pub port: u16,
    /// `DATA_DIR`, `.local` unless told: the table, the queue and the recordings. Survives restarts.
    pub data_dir: PathBuf,
    /// `DEMO`, 1 unless told; 0 starts without people, sessions and conversations.
    pub demo: bool,
    /// `WRITE_KEY`, `local-write-key` unless told: public, may only add.
    pub write_key: ApiKey,
    /// `SECRET_KEY`, `local-secret-key` unless told: may read as well.
    pub secret_key: ApiKey,
    /// `SOURCE_KEY`, `local-source-key` unless told: of the server source `local`, for analytics clients.
    pub source_key: ApiKey,
    /// `IDENTITY_SECRET`, `local-identity-secret` unless told: the secret of the workspace's Messenger.
    pub identity_secret: NewMessengerSecret,
    /// `INTERCOM_CLIENT_ID`, `local-client-id` unless told: the app in Intercom's Developer Hub.
    pub client_id: String,
    /// `INTERCOM_CLIENT_SECRET`, `local-client-secret` unless told: what Intercom signs its requests with,
    /// and what proves to it that we are the app.
    pub client_secret: SecretText,
    /// `INTERCOM_API_URL`: another Intercom than the pretend one, for the calls that go to Intercom.
    pub intercom_api_url: Option<Url>,
    /// `INTERCOM_APP_URL`: the same for the links that open Intercom.
    pub intercom_app_url: Option<Url>,
    /// `INTERCOM_TOKEN`: the token of workspace `local` at that other Intercom, so that calls go there
    /// without an admin who allows it. The pretend one takes it as well.
    pub intercom_token: Option<SecretText>,
    /// `SEARCH_LAG_MS`, 2000 unless told: how long the searches of the pretend Intercom do not show what has
    /// changed.
    pub search_lag: SignedDuration,
    /// `RATE_LIMIT`, 1667 unless told: calls in ten seconds that the pretend Intercom takes.
    pub rate_limit: u64,
    /// What an organization may send, by the variables of `record`.
    pub limits: Limits,
}

/// A write or secret key of the local organization. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Longest key, characters: it travels in a header.
    const MAX_CHARS: usize = 256;

    /// The error is what the variable must hold.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let fits = (1..=Self::MAX_CHARS).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("1 to 256 visible ASCII characters without spaces")
        }
    }

    /// The key, for an `Authorization` header.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(redacted)")
    }
}

impl Config {
    /// Reads `PORT`, `DATA_DIR`, `DEMO`, `WRITE_KEY`, `SECRET_KEY`, `SOURCE_KEY`, `IDENTITY_SECRET`,
    /// `INTERCOM_CLIENT_ID`, `INTERCOM_CLIENT_SECRET`, `INTERCOM_API_URL`, `INTERCOM_APP_URL`,
    /// `INTERCOM_TOKEN`, `SEARCH_LAG_MS`, `RATE_LIMIT` and those of [`Limits`]. An empty variable counts as
    /// not set.
    ///
    /// # Errors
    /// [`StartError::Variable`] names the first variable with a value that cannot be used.
    pub fn from_environment(environment: &Environment) -> Result<Self, StartError> {
        let text = |name, default| environment.optional(name).unwrap_or(default);
        let key = |name, default| ApiKey::parse(text(name, default)).map_err(bad(name));
        let url = |name| {
            environment
                .optional(name)
                .map(parse_url)
                .transpose()
                .map_err(bad(name))
        };

        let config = Self {
            port: environment.parsed("PORT", "a number from 0 to 65535", 9000)?,
            data_dir: PathBuf::from(text("DATA_DIR", ".local")),
            demo: parse_switch(text("DEMO", "1")).map_err(bad("DEMO"))?,
            write_key: key("WRITE_KEY", "local-write-key")?,
            secret_key: key("SECRET_KEY", "local-secret-key")?,
            source_key: key("SOURCE_KEY", "local-source-key")?,
            identity_secret: parse_secret(text("IDENTITY_SECRET", "local-identity-secret"))
                .map_err(bad("IDENTITY_SECRET"))?,
            client_id: text("INTERCOM_CLIENT_ID", "local-client-id").to_owned(),
            client_secret: SecretText::new(text("INTERCOM_CLIENT_SECRET", "local-client-secret")),
            intercom_api_url: url("INTERCOM_API_URL")?,
            intercom_app_url: url("INTERCOM_APP_URL")?,
            intercom_token: environment
                .optional("INTERCOM_TOKEN")
                .map(parse_token)
                .transpose()
                .map_err(bad("INTERCOM_TOKEN"))?,
            search_lag: SignedDuration::from_millis(i64::from(environment.parsed::<u32>(
                "SEARCH_LAG_MS",
                "a number of milliseconds",
                SEARCH_LAG_MS,
            )?))
            .min(LONGEST_SEARCH_LAG),
            rate_limit: environment.parsed("RATE_LIMIT", "a number of calls", RATE_LIMIT)?,
            limits: Limits::from_environment(environment)?.with_events_of(environment)?,
        };
        // The write key stands in web pages; whoever reads it there must not be able to read recordings with
        // it.
        if config.write_key == config.secret_key {
            return Err(bad("SECRET_KEY")("another key than WRITE_KEY, which is public").into());
        }
        if [&config.write_key, &config.secret_key].contains(&&config.source_key) {
            return Err(bad("SOURCE_KEY")("another key than WRITE_KEY and SECRET_KEY").into());
        }
        Ok(config)
    }
}

fn bad(name: &'static str) -> impl Fn(&'static str) -> ConfigError {
    move |holds| ConfigError::Invalid { name, holds }
}

/// The error is what the variable must hold.
fn parse_switch(text: &str) -> Result<bool, &'static str> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err("1 or 0"),
    }
}

fn parse_secret(text: &str) -> Result<NewMessengerSecret, &'static str> {
    NewMessengerSecret::parse(MessengerPlatform::Web, text)
        .ok_or("8 to 256 visible ASCII characters without spaces")
}

fn parse_token(text: &str) -> Result<SecretText, &'static str> {
    let parsed = AccessToken::parse(text).map(|token| SecretText::new(token.expose()));
    parsed.map_err(|_| "an access token of Intercom's")
}

fn parse_url(text: &str) -> Result<Url, &'static str> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or("an address such as https://api.intercom.io")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Debug;
    use std::sync::{Arc, Mutex};

    use tracing::field::{Field, Visit};
    use tracing::{Event, Subscriber};
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::{Context, SubscriberExt};
    use tracing_subscriber::registry::Registry;

    use super::*;

    /// The names of the variables that were read.
    #[derive(Clone, Default)]
    struct Read(Arc<Mutex<BTreeSet<String>>>);

    impl<S: Subscriber> Layer<S> for Read {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            event.record(&mut self.clone());
        }
    }

    impl Visit for Read {
        fn record_str(&mut self, field: &Field, value: &str) {
            if field.name() == "variable" {
                self.0.lock().unwrap().insert(value.to_owned());
            }
        }

        fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
    }

    #[test]
    fn the_readme_tells_every_variable_that_is_read_and_no_other() {
        let read = Read::default();
        let subscriber = Registry::default().with(read.clone());
        tracing::subscriber::with_default(subscriber, || config(&[]).unwrap());

        let page = include_str!("../../../README.md");
        let (_, table) = page.split_once("## Local mode").unwrap();
        let (table, _) = table.split_once("\n## ").unwrap();
        let told = table
            .lines()
            .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()));
        assert_eq!(*read.0.lock().unwrap(), told.collect::<BTreeSet<_>>());
    }

    fn config(variables: &[(&str, &str)]) -> Result<Config, StartError> {
        Config::from_environment(&variables.iter().copied().collect())
    }

    #[test]
    fn without_variables_the_documented_defaults_hold() {
        let config = config(&[]).unwrap();
        assert_eq!(config.port, 9000);
        assert_eq!(config.data_dir, PathBuf::from(".local"));
        assert!(config.demo);
        assert_eq!(config.write_key.reveal(), "local-write-key");
        assert_eq!(config.secret_key.reveal(), "local-secret-key");
        assert_eq!(config.client_id, "local-client-id");
        assert_eq!(config.intercom_api_url, None);
        assert_eq!(config.search_lag, SignedDuration::from_secs(2));
        assert_eq!(config.rate_limit, 1_667);
    }

    #[test]
    fn a_variable_that_cannot_be_used_is_named() {
        let cases = [
            ("PORT", "99999"),
            ("PORT", "http"),
            ("DEMO", "maybe"),
            ("WRITE_KEY", "with space"),
            ("SECRET_KEY", "local-write-key"),
            ("SOURCE_KEY", "local-secret-key"),
            ("IDENTITY_SECRET", "too short"),
            ("INTERCOM_API_URL", "api.intercom.io"),
            ("INTERCOM_APP_URL", "file:///etc/passwd"),
            ("INTERCOM_TOKEN", "with space"),
            ("SEARCH_LAG_MS", "-1"),
            ("RATE_LIMIT", "many"),
        ];
        for (name, value) in cases {
            let message = config(&[(name, value)]).unwrap_err().to_string();
            assert!(message.starts_with(name), "{name}={value}: {message}");
        }
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        assert_eq!(
            config(&[("PORT", ""), ("INTERCOM_API_URL", "")])
                .unwrap()
                .port,
            9000
        );
    }

    #[test]
    fn no_key_is_printed() {
        let printed = format!("{:?}", config(&[]).unwrap());
        assert!(
            !printed.contains("local-write-key") && !printed.contains("local-secret-key"),
            "{printed}"
        );
        assert!(!printed.contains("local-client-secret"), "{printed}");
        assert!(!printed.contains("local-identity-secret"), "{printed}");
    }
}
