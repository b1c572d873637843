//! The keys with which recorders and backends call: as we make them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::SourceId;
use zeroize::Zeroizing;

use crate::tenants::organizations::KeyScope;

/// A new key: `rk_write_…`, `rk_secret_…` or `rk_source_…`, so that whoever finds it (a scanner for
/// leaked secrets, say) knows what it is. Debug does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    scope: KeyScope,
    source: Option<SourceId>,
    text: Zeroizing<String>,
}

impl ApiKey {
    /// The key made of bytes of a cryptographic generator.
    #[must_use]
    pub fn from_random(scope: KeyScope, bytes: [u8; 32]) -> Self {
        let prefix = match scope {
            KeyScope::Write => "rk_write_",
            KeyScope::Secret => "rk_secret_",
            KeyScope::Source => "rk_source_",
        };
        Self {
            scope,
            source: None,
            text: Zeroizing::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))),
        }
    }

    /// The same for a source's key.
    #[must_use]
    pub fn of_source(source: SourceId, bytes: [u8; 32]) -> Self {
        Self {
            source: Some(source),
            ..Self::from_random(KeyScope::Source, bytes)
        }
    }

    /// The source whose events it lets in, if it is one's.
    #[must_use]
    pub fn source(&self) -> Option<&SourceId> {
        self.source.as_ref()
    }

    /// What it may do.
    #[must_use]
    pub fn scope(&self) -> KeyScope {
        self.scope
    }

    /// The key itself, to be shown to the admin.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Its last four characters, by which people tell keys apart: they leave more than 200 random bits.
    pub(crate) fn last4(&self) -> &str {
        &self.text[self.text.len() - 4..]
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiKey")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_it_is_and_is_never_printed() {
        let write = ApiKey::from_random(KeyScope::Write, [0xfb; 32]);
        let secret = ApiKey::from_random(KeyScope::Secret, [0xfb; 32]);
        assert_eq!(
            write.expose(),
            "rk_write_-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s"
        );
        assert!(secret.expose().starts_with("rk_secret_"));
        assert_eq!(secret.last4(), "7-_s");
        assert_eq!(format!("{secret:?}"), "ApiKey { scope: Secret, .. }");
    }
}
