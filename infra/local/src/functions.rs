//! The functions, made for this machine: with values where Lambda has variables of the environment.

use std::io;
use std::sync::Arc;

use canvas::Views;
use collect::PublicAddress;
use intercom::fake::{FakeIntercom, Options};
use intercom::rest::Client;
use intercom::signature::ClientSecret;
use intercom::{Hosts, HttpsUrl};
use jiff::SignedDuration;
use mirror::Mirror;
use outbox::Outbox;
use pages::addresses::Pages;
use platform::clock::Clock;
use platform::config::{ConfigError, Environment};
use platform::secrets::{LiveSecrets, Secrets};
use store::Recordings;
use url::Url;

use crate::{Config, StartError, intercom as pretend, queues::Queues, workers::Workers};

/// The functions behind HTTP, ready to be called.
#[derive(Clone)]
pub(crate) struct Functions {
    pub(crate) accounts: Arc<accounts::State>,
    pub(crate) canvas: Arc<canvas::State>,
    pub(crate) collect: Arc<collect::State>,
    pub(crate) installation: Arc<installation::State>,
    pub(crate) oauth_callback: Arc<oauth_callback::State>,
    pub(crate) record: Arc<record::State>,
    pub(crate) rest: Arc<rest::State>,
    pub(crate) sessions: Arc<sessions::State>,
    pub(crate) settings: Arc<settings::State>,
    pub(crate) verify_webhook: Arc<verify_webhook::State>,
}

/// What they stand on.
pub(crate) struct Foundations<'a> {
    /// Where the bundle serves.
    pub(crate) url: &'a str,
    pub(crate) config: &'a Config,
    /// What is stored is hashed and encrypted with it.
    pub(crate) master_key: &'a [u8],
    pub(crate) recordings: &'a Recordings,
    pub(crate) outbox: &'a Outbox,
    pub(crate) mirror: &'a Mirror,
    pub(crate) queues: &'a Queues,
    pub(crate) clock: &'a Clock,
}

impl Functions {
    /// All of them.
    pub(crate) fn new(foundations: &Foundations<'_>) -> Result<Self, StartError> {
        let Foundations { config, clock, .. } = *foundations;
        let store = foundations.recordings.store();
        let listen = |error| StartError::Listen {
            port: config.port,
            source: io::Error::other(error),
        };
        let host = HttpsUrl::parse(foundations.url).map_err(listen)?;
        let pages = Pages::on(&host);
        let hosts = hosts(foundations)?;
        let secrets = LiveSecrets::fixed(secrets(foundations));
        Ok(Self {
            accounts: Arc::new(accounts::State {
                store: store.clone(),
                mirror: foundations.mirror.clone(),
                hosts: hosts.clone(),
                secrets: secrets.clone(),
                pages: pages.clone(),
                clock: clock.clone(),
            }),
            canvas: Arc::new(canvas::State {
                store: store.clone(),
                secrets: secrets.clone(),
                pages: pages.clone(),
                clock: clock.clone(),
                // At once, so that the settings page shows each.
                views: Views::counted(store.clone(), SignedDuration::ZERO),
            }),
            collect: Arc::new(
                collect::State::new(
                    store.clone(),
                    foundations.outbox.clone(),
                    foundations.queues.deliver.clone(),
                    PublicAddress::local(),
                    clock.clone(),
                )
                .with_limits(config.limits)
                .counting_at_once(),
            ),
            installation: Arc::new(installation::State {
                store: store.clone(),
                secrets: secrets.clone(),
                intercom: Client::with_limits(hosts.clone(), installation::LIMITS),
                settings: pages.settings.clone(),
                clock: clock.clone(),
            }),
            oauth_callback: Arc::new(oauth_callback::State {
                store: store.clone(),
                secrets: secrets.clone(),
                intercom: Client::new(hosts.clone()),
                hosts: hosts.clone(),
                settings: pages.settings.clone(),
                clock: clock.clone(),
            }),
            record: Arc::new(
                record::State::new(
                    foundations.recordings.clone(),
                    record::Queues {
                        summarize: foundations.queues.summarize.clone(),
                        erase: foundations.queues.erase.clone(),
                    },
                    clock.clone(),
                )
                .with_limits(config.limits)
                .counting_at_once(),
            ),
            rest: Arc::new(rest::State::new(
                (
                    store.clone(),
                    foundations.outbox.clone(),
                    foundations.mirror.clone(),
                ),
                foundations.queues.deliver.clone(),
                hosts.clone(),
                clock.clone(),
            )),
            sessions: Arc::new(sessions::State {
                recordings: foundations.recordings.clone(),
                secrets: secrets.clone(),
                erase_queue: foundations.queues.erase.clone(),
                pages,
                last_chunk: sessions::LastChunk::default(),
                clock: clock.clone(),
            }),
            settings: Arc::new(settings::State {
                store: store.clone(),
                secrets: secrets.clone(),
                intercom: Client::new(hosts.clone()),
                queues: foundations.queues.topic_queues.clone(),
                erase_queue: foundations.queues.erase.clone(),
                outbox: foundations.outbox.clone(),
                deliver_queue: foundations.queues.deliver.clone(),
                addresses: settings::Addresses::on(&host, hosts),
                clock: clock.clone(),
            }),
            verify_webhook: Arc::new(verify_webhook::State {
                secrets,
                queues: foundations.queues.topic_queues.clone(),
                clock: clock.clone(),
            }),
        })
    }
}

impl Foundations<'_> {
    /// The functions behind queues.
    pub(crate) fn workers(&self) -> Result<Workers, StartError> {
        let store = self.recordings.store();
        let hosts = hosts(self)?;
        let secrets = LiveSecrets::fixed(secrets(self));
        let notification = notification::State {
            store: store.clone(),
            secrets: secrets.clone(),
            intercom: Client::with_limits(hosts.clone(), notification::LIMITS),
            clock: self.clock.clone(),
        };
        Ok(Workers {
            deliver: deliver::State::new(
                (store.clone(), self.outbox.clone()),
                secrets.clone(),
                Client::with_limits(hosts.clone(), deliver::LIMITS),
                self.queues.deliver.clone(),
                self.clock.clone(),
            ),
            summarize: summarize::State::new(
                self.recordings.clone(),
                self.queues.summarize.clone(),
                self.clock.clone(),
            ),
            erase: erase::State::new(
                (self.recordings.clone(), self.outbox.clone()),
                erase::Queues {
                    erase: self.queues.erase.clone(),
                    deliver: self.queues.deliver.clone(),
                },
                self.clock.clone(),
            ),
            reconcile: reconcile::State {
                store: store.clone(),
                secrets,
                intercom: Client::with_limits(hosts, reconcile::LIMITS),
                queue: self.queues.reconcile.clone(),
                clock: self.clock.clone(),
            },
            webhooks: webhooks::State {
                notification,
                erase_queue: self.queues.erase.clone(),
            },
            park_notification: park_notification::State {
                store: store.clone(),
                queues: self.queues.topic_queues.clone(),
                // Here every queue is served as long as anything is.
                watched: Vec::new(),
                clock: self.clock.clone(),
            },
        })
    }
}

/// What requests of Intercom's are signed with.
pub(crate) fn client_secret(config: &Config) -> Result<ClientSecret, StartError> {
    let parsed = ClientSecret::parse(config.client_secret.expose());
    parsed.map_err(|_| {
        let invalid = ConfigError::Invalid {
            name: "INTERCOM_CLIENT_SECRET",
            holds: "the client secret of the Intercom app",
        };
        invalid.into()
    })
}

/// The pretend Intercom, by the machine's clock, as late and as strict as it shall be. It has no workspace
/// yet.
pub(crate) fn fake_intercom(config: &Config) -> Result<FakeIntercom, StartError> {
    let secret = client_secret(config)?;
    let mut options = Options::new(&config.client_id, secret);
    options.search_lag = config.search_lag;
    options.rate.calls = config.rate_limit;
    Ok(FakeIntercom::new(options))
}

/// Intercom: the pretend one, unless the configuration names another.
fn hosts(foundations: &Foundations<'_>) -> Result<Hosts, StartError> {
    let config = foundations.config;
    let pretend = Url::parse(&format!("{}{}", foundations.url, pretend::PATH)).ok();
    let or_pretend = |url: &Option<Url>| url.clone().or_else(|| pretend.clone());
    let hosts = Hosts::new(
        or_pretend(&config.intercom_api_url),
        or_pretend(&config.intercom_app_url),
    );
    hosts.map_err(|error| StartError::Listen {
        port: config.port,
        source: io::Error::other(error),
    })
}

/// As they stand in the environment when there is no Secrets Manager.
fn secrets(foundations: &Foundations<'_>) -> Secrets {
    let config = foundations.config;
    let variables: Environment = [
        ("MASTER_KEY", hex::encode(foundations.master_key)),
        ("INTERCOM_CLIENT_ID", config.client_id.clone()),
        (
            "INTERCOM_CLIENT_SECRET",
            config.client_secret.expose().to_owned(),
        ),
    ]
    .into_iter()
    .collect();
    Secrets::of_environment(&variables)
}
