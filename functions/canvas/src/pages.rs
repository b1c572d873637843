//! Where our own pages are.

use intercom::HttpsUrl;

/// Our own pages, as far as the deployment has them: what is not there is not linked to.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    /// All sessions of an organization; each recording is below it.
    pub sessions: Option<HttpsUrl>,
    /// Where an admin connects a workspace.
    pub install: Option<HttpsUrl>,
    /// Where an admin sees to the connection.
    pub settings: Option<HttpsUrl>,
}

impl Pages {
    /// All pages on one host.
    #[must_use]
    pub fn on(host: &HttpsUrl) -> Self {
        Self {
            sessions: Some(host.below(["sessions"])),
            install: Some(host.below(["install"])),
            settings: Some(host.below(["settings", "integrations", "intercom"])),
        }
    }
}
