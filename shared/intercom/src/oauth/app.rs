//! The Intercom app that we are, and the pages of Intercom's that a browser is sent to in its name.

use url::Url;

use crate::signature::ClientSecret;
use crate::{Hosts, HttpsUrl, Region, hosts};

/// The app in Intercom's Developer Hub. Its Debug does not show the secret.
#[derive(Debug, Clone)]
pub struct App {
    client_id: String,
    client_secret: ClientSecret,
}

/// The credentials cannot be those of an app. Does not show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// No id, or one longer than [`App::MAX_CLIENT_ID_BYTES`].
    #[error("the client id is empty or too long")]
    ClientId,
    /// No secret: anybody could sign with an empty one.
    #[error("the client secret is empty")]
    ClientSecret,
}

impl App {
    /// Longest client id, bytes. Intercom's are UUIDs.
    pub const MAX_CLIENT_ID_BYTES: usize = 256;

    /// Takes id and secret as the Developer Hub shows them.
    ///
    /// # Errors
    /// Says which of them cannot be right.
    pub fn new(client_id: &str, client_secret: &str) -> Result<Self, AppError> {
        if !(1..=Self::MAX_CLIENT_ID_BYTES).contains(&client_id.len()) {
            return Err(AppError::ClientId);
        }
        Ok(Self {
            client_id: client_id.to_owned(),
            client_secret: ClientSecret::parse(client_secret)
                .map_err(|_| AppError::ClientSecret)?,
        })
    }

    /// The public name of the app.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// What proves that we are the app.
    #[must_use]
    pub fn client_secret(&self) -> &ClientSecret {
        &self.client_secret
    }
}

/// Where an admin allows or denies the app. The answer comes to `redirect_uri`, which the Developer Hub must
/// list; without one, to the first that it lists.
///
/// It is the US host for everybody: before the answer nobody knows the workspace, and Intercom documents no
/// other.
#[must_use]
pub fn authorize_url(
    hosts: &Hosts,
    app: &App,
    state: &super::State,
    redirect_uri: Option<&HttpsUrl>,
) -> Url {
    let mut url = hosts::below(hosts.app(Region::Us), ["oauth"]);
    url.query_pairs_mut()
        .append_pair("client_id", app.client_id())
        .append_pair("state", state.as_str())
        .extend_pairs(redirect_uri.map(|uri| ("redirect_uri", uri.as_str())));
    url
}

/// Where an installation that began in Intercom's App Store ends when it worked.
#[must_use]
pub fn appstore_success_url(hosts: &Hosts) -> Url {
    let mut url = appstore_redirect(hosts);
    url.query_pairs_mut().append_pair("install_success", "true");
    url
}

/// Where it ends when it did not; Intercom shows the `message`, of which at most 500 characters are sent.
#[must_use]
pub fn appstore_failure_url(hosts: &Hosts, message: &str) -> Url {
    /// Some sentences, and short enough for a header even when every character takes twelve bytes
    /// (`%F0%9F…`).
    const MAX_CHARS: usize = 500;

    let message: String = message.chars().take(MAX_CHARS).collect();
    let mut url = appstore_redirect(hosts);
    url.query_pairs_mut()
        .append_pair("install_success", "false")
        .append_pair("error_message", &message);
    url
}

fn appstore_redirect(hosts: &Hosts) -> Url {
    hosts::below(hosts.app(Region::Us), ["appstore", "redirect"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::State;

    fn app() -> App {
        App::new("client & id", "client secret").unwrap()
    }

    #[test]
    fn an_admin_is_asked_at_intercom_with_our_state() {
        let hosts = Hosts::default();
        let state = State::from_random([0xab; 32]);
        let query = format!("client_id=client+%26+id&state={}", "ab".repeat(32));
        let url = authorize_url(&hosts, &app(), &state, None);
        assert_eq!(
            url.as_str(),
            format!("https://app.intercom.com/oauth?{query}")
        );

        let back = HttpsUrl::parse("https://example.com/oauth/callback").unwrap();
        let url = authorize_url(&hosts, &app(), &state, Some(&back));
        let back = "redirect_uri=https%3A%2F%2Fexample.com%2Foauth%2Fcallback";
        assert_eq!(url.query(), Some(format!("{query}&{back}").as_str()));
    }

    #[test]
    fn an_installation_from_the_app_store_ends_there() {
        let hosts = Hosts::default();
        assert_eq!(
            appstore_success_url(&hosts).as_str(),
            "https://app.intercom.com/appstore/redirect?install_success=true"
        );
        assert_eq!(
            appstore_failure_url(&hosts, "Denied & gone").as_str(),
            "https://app.intercom.com/appstore/redirect?install_success=false&error_message=Denied+%26+gone"
        );
        let long = appstore_failure_url(&hosts, &"🦀".repeat(100_000));
        assert!(long.as_str().len() < 8_000);
    }

    #[test]
    fn half_an_app_is_none() {
        let long = "x".repeat(App::MAX_CLIENT_ID_BYTES + 1);
        assert_eq!(App::new("", "secret").unwrap_err(), AppError::ClientId);
        assert_eq!(App::new(&long, "secret").unwrap_err(), AppError::ClientId);
        assert_eq!(App::new("id", "").unwrap_err(), AppError::ClientSecret);
        assert!(!format!("{:?}", app()).contains("client secret"));
    }
}
