//! Codes and tokens of the pretend Intercom.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use intercom::signature::{ClientSecret, sign_body, verify_body_signature};
use jiff::{SignedDuration, Timestamp};

use super::workspaces::{WORKSPACES, Workspace};

/// How long a code is good, as old documentation of Intercom's has it.
const CODE_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// The app that asks, and what admins have allowed it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Grants {
    client_id: String,
    client_secret: ClientSecret,
    given: Arc<Mutex<Given>>,
}

#[derive(Default)]
struct Given {
    /// Codes that nobody has exchanged yet, and when they end.
    codes: HashMap<String, (Workspace, Timestamp)>,
    /// Ids of workspaces that the app was taken out of, and when: older tokens are dead.
    uninstalled: HashMap<&'static str, Timestamp>,
}

impl Grants {
    /// Nothing has been allowed yet. Tokens of an earlier run are good: they are signed rather than kept.
    pub(crate) fn new(client_id: String, client_secret: ClientSecret) -> Self {
        Self {
            client_id,
            client_secret,
            given: Arc::default(),
        }
    }

    /// Whether this is the app's id.
    pub(super) fn is_app(&self, client_id: &str) -> bool {
        self.client_id == client_id
    }

    /// A code for an app that an admin has allowed. It ends in `=`, as Intercom's may.
    pub(super) fn code(&self, workspace: Workspace, random: [u8; 32], now: Timestamp) -> String {
        let code = STANDARD.encode(random);
        let granted = (workspace, now + CODE_LASTS);
        self.given().codes.insert(code.clone(), granted);
        code
    }

    /// The token for a code, once; `None` for whoever is not the app.
    pub(super) fn exchange(
        &self,
        code: &str,
        client_id: &str,
        client_secret: &str,
        now: Timestamp,
    ) -> Option<String> {
        if !self.is_app(client_id) || !self.client_secret.is(client_secret) {
            return None;
        }
        let (workspace, ends) = self.given().codes.remove(code)?;
        (now < ends).then(|| self.token(workspace, now))
    }

    /// The workspace that a token is for, while it lives.
    pub(super) fn workspace_of(&self, token: &str) -> Option<Workspace> {
        let (claims, signature) = token.rsplit_once('.')?;
        let header = Some(signature.as_bytes());
        verify_body_signature(&self.client_secret, claims.as_bytes(), header).ok()?;
        let (id, issued) = claims.rsplit_once('.')?;
        let issued = Timestamp::from_millisecond(issued.parse().ok()?).ok()?;
        let given = self.given();
        let is_dead = given.uninstalled.get(id).is_some_and(|at| issued <= *at);
        Workspace::find(id).filter(|_| !is_dead)
    }

    /// Takes the app out of a workspace: every token of it dies.
    pub(super) fn uninstall(&self, workspace: Workspace, now: Timestamp) {
        self.given().uninstalled.insert(workspace.id, now);
    }

    /// A token for the workspace with the conversations, as if an admin had just installed the app there.
    pub(crate) fn local_token(&self, now: Timestamp) -> String {
        self.token(WORKSPACES[0], now)
    }

    fn token(&self, workspace: Workspace, now: Timestamp) -> String {
        let claims = format!("{}.{}", workspace.id, now.as_millisecond());
        let signature = sign_body(&self.client_secret, claims.as_bytes());
        format!("{claims}.{signature}")
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn grants() -> Grants {
        Grants::new("id".to_owned(), ClientSecret::parse("secret").unwrap())
    }

    #[test]
    fn a_code_is_good_once_for_five_minutes_and_for_the_app_alone() {
        let grants = grants();
        let code = |random| grants.code(WORKSPACES[0], [random; 32], NOW);
        let first = code(1);
        assert!(first.ends_with('='));
        assert_eq!(grants.exchange(&first, "other", "secret", NOW), None);
        assert_eq!(grants.exchange(&first, "id", "guessed", NOW), None);
        assert!(grants.exchange(&first, "id", "secret", NOW).is_some());
        assert_eq!(grants.exchange(&first, "id", "secret", NOW), None);
        let late = NOW + CODE_LASTS;
        assert_eq!(grants.exchange(&code(2), "id", "secret", late), None);
    }

    #[test]
    fn a_token_outlives_a_restart_but_not_the_installation() {
        let token = grants().token(WORKSPACES[1], NOW);
        let restarted = grants();
        assert_eq!(restarted.workspace_of(&token), Some(WORKSPACES[1]));
        restarted.uninstall(WORKSPACES[0], NOW);
        assert_eq!(restarted.workspace_of(&token), Some(WORKSPACES[1]));
        restarted.uninstall(WORKSPACES[1], NOW);
        assert_eq!(restarted.workspace_of(&token), None);

        let later = NOW + SignedDuration::from_millis(1);
        let again = restarted.token(WORKSPACES[1], later);
        assert_eq!(restarted.workspace_of(&again), Some(WORKSPACES[1]));
    }

    #[test]
    fn a_token_that_was_made_up_is_none() {
        let token = grants().token(WORKSPACES[1], NOW);
        let other = token.replace("second", "local");
        for token in ["", ".", "second.0.", "second.0.00", &other] {
            assert_eq!(grants().workspace_of(token), None, "{token}");
        }
    }
}
