//! The client, and the Intercom that it asks.

use std::time::Duration;

use intercom::Hosts;
use intercom::fake::{Directory, FakeIntercom, Fault, Options, Workspace};
use intercom::rest::{Client, Limits};
use intercom::signature::ClientSecret;

/// Long enough for retries, short enough for a test that waits for the end.
pub(crate) const LIMITS: Limits = Limits {
    connect: Duration::from_secs(2),
    call: Duration::from_secs(5),
    rate_limit_wait: Duration::from_secs(2),
};

/// An Intercom with the workspace `acme`, whose token is `dG9r`.
pub(crate) struct Fixture {
    pub(crate) intercom: FakeIntercom,
    pub(crate) hosts: Hosts,
}

impl Fixture {
    /// All goes well.
    pub(crate) async fn start() -> Self {
        let secret = ClientSecret::parse("s3cr=t").unwrap();
        Self::with(Options::new("client & id", secret)).await
    }

    /// One that behaves otherwise.
    pub(crate) async fn with(options: Options) -> Self {
        let intercom = FakeIntercom::new(options);
        let acme = Workspace::new("acme", "Acme").located("US", "Europe/Dublin");
        intercom.add(acme, Directory::default());
        intercom.grant("acme", "dG9r");
        let url = intercom.serve().await.unwrap();
        Self {
            intercom,
            hosts: Hosts::new(Some(url), None).unwrap(),
        }
    }

    /// What is answered to the first calls.
    pub(crate) async fn answering(faults: impl IntoIterator<Item = Fault>) -> Self {
        let fixture = Self::start().await;
        for fault in faults {
            fixture.intercom.fail_next(fault);
        }
        fixture
    }

    pub(crate) fn client(&self) -> Client {
        Client::with_limits(self.hosts.clone(), LIMITS)
    }

    /// How much has been asked.
    pub(crate) fn asked(&self) -> usize {
        self.intercom.calls().len()
    }
}
