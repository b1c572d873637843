//! What opens a share link: the link's id, what it shows, and a signature over that and the session that it
//! opens.
//!
//! The pages that hand out links make it, and the pages that show recordings open it. A row of the table
//! alone opens nothing, and a forged token costs no read. It reads `{id}.{workspace}.{shown}.{signature}`.

use identity::{SessionId, WorkspaceId};
use store::{ShareId, ShareLink};

use crate::signed::Signer;

/// The query parameter in which a token travels.
pub const PARAMETER: &str = "share";

/// Recorded as the author of a link that a teammate asked for. Teammates cannot sign in here, and Intercom
/// does not say which of them clicks.
pub const TEAMMATE: &str = "canvas";

const PURPOSE: &str = "share link";

/// What whoever follows a link is told of whom they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The recording alone.
    Recording,
    /// E-mail address and ids as well.
    Person,
}

/// A token that is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareToken {
    /// Which link it is.
    pub id: ShareId,
    /// From which workspace it was handed out: it opens while that one is connected.
    pub workspace: WorkspaceId,
    /// What it shows.
    pub shown: Shown,
}

impl Shown {
    fn word(self) -> &'static str {
        match self {
            Self::Recording => "recording",
            Self::Person => "person",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Recording, Self::Person];
        all.into_iter().find(|shown| shown.word() == word)
    }
}

impl ShareToken {
    /// A token of this link.
    #[must_use]
    pub fn of(link: &ShareLink, workspace: &WorkspaceId, shown: Shown) -> Self {
        Self {
            id: link.id.clone(),
            workspace: workspace.clone(),
            shown,
        }
    }

    /// Its text, which opens this session.
    #[must_use]
    pub fn sign(&self, signer: &Signer, session: &SessionId) -> String {
        let signature = signer.tag(PURPOSE, &self.message(session));
        format!("{}.{signature}", self.claims())
    }

    /// The token to this session that a text is; `None` when it is not ours.
    ///
    /// Whether the link still opens says [`store::Store::share_link`].
    #[must_use]
    pub fn open(signer: &Signer, text: &str, session: &SessionId) -> Option<Self> {
        let (claims, signature) = text.rsplit_once('.')?;
        let mut claims = claims.split('.');
        let (id, workspace, shown) = (claims.next()?, claims.next()?, claims.next()?);
        if claims.next().is_some() {
            return None;
        }
        let token = Self {
            id: ShareId::parse(id)?,
            workspace: WorkspaceId::parse(workspace).ok()?,
            shown: Shown::parse(shown)?,
        };
        signer
            .is_tag(PURPOSE, &token.message(session), signature)
            .then_some(token)
    }

    fn claims(&self) -> String {
        format!("{}.{}.{}", self.id, self.workspace, self.shown.word())
    }

    fn message(&self, session: &SessionId) -> String {
        format!("{}\n{session}", self.claims())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_the_session_that_it_was_made_for_and_shows_what_it_was_made_to() {
        let signer = Signer::new([7; 32]);
        let token = ShareToken {
            id: ShareId::from_random([0; 16]),
            workspace: WorkspaceId::parse("ab12").unwrap(),
            shown: Shown::Recording,
        };
        let session = |id: &str| SessionId::parse(id).unwrap();
        let text = token.sign(&signer, &session("s1"));
        let open =
            |signer: &Signer, text: &str, id: &str| ShareToken::open(signer, text, &session(id));
        assert_eq!(open(&signer, &text, "s1"), Some(token));
        assert_eq!(open(&signer, &text, "s2"), None);
        assert_eq!(open(&Signer::new([8; 32]), &text, "s1"), None);
        for strange in [
            "",
            ".",
            "...",
            &text[1..],
            &text.replace('.', ""),
            &text.replace(".recording.", ".person."),
            &text.replace(".recording.", ".recording.recording."),
            &text.replace(".ab12.", ".cd34."),
            &text.to_lowercase(),
        ] {
            assert_eq!(open(&signer, strange, "s1"), None, "{strange}");
        }
    }
}
