//! Codes and tokens of the fake Intercom.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::signature::{ClientSecret, sign_body, verify_body_signature};

/// How long a code is good, as old documentation of Intercom's has it.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// What admins have allowed the app.
///
/// Its own tokens are signed rather than kept, so that those of an earlier process are good.
#[derive(Clone, Default)]
pub(super) struct Grants {
    /// Codes that nobody has exchanged yet, the ids of their workspaces, and when they end.
    codes: HashMap<String, (String, Timestamp)>,
    /// Tokens that were chosen by a test, and the ids of their workspaces.
    chosen: HashMap<String, String>,
    /// The chosen token that the next exchanges give.
    next_token: Option<String>,
    /// Ids of workspaces that the app was taken out of, and when: older tokens are dead.
    uninstalled: HashMap<String, Timestamp>,
}

impl Grants {
    /// Makes this a code of a workspace whose admin has allowed the app.
    pub(super) fn add_code(&mut self, workspace: &str, code: &str, now: Timestamp) {
        let granted = (workspace.to_owned(), now + CODE_LIFETIME);
        self.codes.insert(code.to_owned(), granted);
    }

    /// Makes this a token of a workspace.
    pub(super) fn add_token(&mut self, workspace: &str, token: &str) {
        let granted = workspace.to_owned();
        self.chosen.insert(token.to_owned(), granted);
    }

    /// Makes every exchange from now on give this token.
    pub(super) fn choose_token(&mut self, token: &str) {
        self.next_token = Some(token.to_owned());
    }

    /// The token for a code, once. It is signed with `key`, unless it was chosen.
    pub(super) fn exchange(
        &mut self,
        key: &ClientSecret,
        code: &str,
        now: Timestamp,
    ) -> Option<String> {
        let (workspace, ends) = self.codes.remove(code)?;
        if now >= ends {
            return None;
        }
        let Some(token) = self.next_token.clone() else {
            return Some(token(key, &workspace, now));
        };
        self.add_token(&workspace, &token);
        Some(token)
    }

    /// The id of the workspace that a token is for, while it lives.
    pub(super) fn workspace_of<'a>(
        &'a self,
        key: &ClientSecret,
        token: &'a str,
    ) -> Option<&'a str> {
        if let Some(workspace) = self.chosen.get(token) {
            return Some(workspace);
        }
        let (claims, signature) = token.rsplit_once('.')?;
        let header = Some(signature.as_bytes());
        verify_body_signature(key, claims.as_bytes(), header).ok()?;
        let (workspace, issued) = claims.rsplit_once('.')?;
        let issued = Timestamp::from_millisecond(issued.parse().ok()?).ok()?;
        let uninstalled = self.uninstalled.get(workspace);
        let is_dead = uninstalled.is_some_and(|at| issued <= *at);
        (!is_dead).then_some(workspace)
    }

    /// Takes the app out of a workspace: every token of it dies.
    pub(super) fn uninstall(&mut self, workspace: &str, now: Timestamp) {
        self.chosen.retain(|_, of| of != workspace);
        self.uninstalled.insert(workspace.to_owned(), now);
    }
}

/// A token for a workspace, as if an admin had just installed the app there.
pub(super) fn token(key: &ClientSecret, workspace: &str, now: Timestamp) -> String {
    let claims = format!("{workspace}.{}", now.as_millisecond());
    let signature = sign_body(key, claims.as_bytes());
    format!("{claims}.{signature}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn key() -> ClientSecret {
        ClientSecret::parse("secret").unwrap()
    }

    #[test]
    fn a_code_is_good_once_for_five_minutes() {
        let mut grants = Grants::default();
        grants.add_code("local", "first=", NOW);
        assert!(grants.exchange(&key(), "first=", NOW).is_some());
        assert_eq!(grants.exchange(&key(), "first=", NOW), None);
        grants.add_code("local", "second=", NOW);
        let late = NOW + CODE_LIFETIME;
        assert_eq!(grants.exchange(&key(), "second=", late), None);
    }

    #[test]
    fn a_token_outlives_a_restart_but_not_the_installation() {
        let token_of_second = token(&key(), "second", NOW);
        let mut restarted = Grants::default();
        let workspace = |grants: &Grants, token: &str| {
            let workspace = grants.workspace_of(&key(), token);
            workspace.map(str::to_owned)
        };
        let second = Some("second".to_owned());
        assert_eq!(workspace(&restarted, &token_of_second), second);
        restarted.uninstall("local", NOW);
        assert_eq!(workspace(&restarted, &token_of_second), second);
        restarted.uninstall("second", NOW);
        assert_eq!(workspace(&restarted, &token_of_second), None);

        let later = NOW + SignedDuration::from_millis(1);
        let again = token(&key(), "second", later);
        assert_eq!(workspace(&restarted, &again), second);
    }

    #[test]
    fn a_chosen_token_is_given_for_a_code_and_dies_with_the_installation() {
        let mut grants = Grants::default();
        grants.choose_token("dG9r");
        grants.add_code("acme", "code", NOW);
        assert_eq!(grants.workspace_of(&key(), "dG9r"), None);
        let given = grants.exchange(&key(), "code", NOW);
        assert_eq!(given.as_deref(), Some("dG9r"));
        assert_eq!(grants.workspace_of(&key(), "dG9r"), Some("acme"));
        grants.uninstall("acme", NOW);
        assert_eq!(grants.workspace_of(&key(), "dG9r"), None);
    }

    #[test]
    fn a_token_that_was_made_up_is_none() {
        let token = token(&key(), "second", NOW);
        let other = token.replace("second", "local");
        for token in ["", ".", "second.0.", "second.0.00", &other] {
            let workspace = Grants::default()
                .workspace_of(&key(), token)
                .map(str::to_owned);
            assert_eq!(workspace, None, "{token}");
        }
    }
}
