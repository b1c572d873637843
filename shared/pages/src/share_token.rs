//! What opens a share link: the link's id, and a signature over it and the session that it opens.
//!
//! The pages that hand out links make it, and the pages that show recordings open it. A row of the table
//! alone opens nothing, and a forged token costs no read.

use identity::SessionId;
use store::{ShareId, ShareLink};

use crate::signed::Signer;

/// The query parameter in which a token travels.
pub const PARAMETER: &str = "share";

/// Recorded as the author of a link that a teammate asked for. Teammates cannot sign in here, and Intercom
/// does not say which of them clicks.
pub const TEAMMATE: &str = "canvas";

const PURPOSE: &str = "share link";

/// The token of a link.
#[must_use]
pub fn sign(signer: &Signer, link: &ShareLink) -> String {
    let signature = signer.tag(PURPOSE, &message(&link.id, &link.session));
    format!("{}.{signature}", link.id)
}

/// The id of the link to this session that the token was made of; `None` when it is not ours.
///
/// Whether the link still opens says [`store::Store::share_link`].
#[must_use]
pub fn open(signer: &Signer, token: &str, session: &SessionId) -> Option<ShareId> {
    let (id, signature) = token.split_once('.')?;
    let id = ShareId::parse(id)?;
    signer
        .is_tag(PURPOSE, &message(&id, session), signature)
        .then_some(id)
}

fn message(id: &ShareId, session: &SessionId) -> String {
    format!("{id}\n{session}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_the_session_that_it_was_made_for_and_no_other() {
        let signer = Signer::new([7; 32]);
        let link = r#"{"id":"AAAAAAAAAAAAAAAAAAAAAA","organization":"org_a","session":"s1","created_at":0,
            "created_by":"canvas","expires":9}"#;
        let link: ShareLink = serde_json::from_str(link).unwrap();
        let token = sign(&signer, &link);
        let open = |signer: &Signer, token: &str, session: &str| {
            open(signer, token, &SessionId::parse(session).unwrap())
        };
        assert_eq!(open(&signer, &token, "s1"), Some(link.id));
        assert_eq!(open(&signer, &token, "s2"), None);
        assert_eq!(open(&Signer::new([8; 32]), &token, "s1"), None);
        for strange in [
            "",
            ".",
            &token[1..],
            &token.replace('.', ""),
            &token.to_lowercase(),
        ] {
            assert_eq!(open(&signer, strange, "s1"), None, "{strange}");
        }
    }
}
