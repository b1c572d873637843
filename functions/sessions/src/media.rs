//! Where a recorded page may load pictures, fonts and media from: the organization's allowed sites, or
//! anywhere if it says so. An organization without a list loads nothing from elsewhere: what a recording says
//! of its own site is said by whoever has the public key.

use store::{Origin, Preferences};

use crate::access::Viewer;

/// Every site that can be reached safely, as a policy names it.
const EVERYWHERE: &str = "https:";

/// The sites, as a policy names them and the player reads them: with spaces between.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MediaSources(String);

impl MediaSources {
    /// Those of the organization that the viewer looks at.
    pub(crate) fn of(viewer: &Viewer) -> Self {
        Self::chosen(&viewer.connection().preferences)
    }

    fn chosen(preferences: &Preferences) -> Self {
        let everywhere = preferences.load_foreign_media.then_some(EVERYWHERE);
        let origins = preferences.allowed_origins.iter().map(Origin::as_str);
        let origins = origins.filter(|origin| is_plain(origin));
        Self(
            everywhere
                .into_iter()
                .chain(origins)
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    /// For the policy and the player.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a policy takes the origin for what it is: a `*` would stand for many, a `;` for the next
/// directive.
fn is_plain(origin: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/".contains(&byte);
    origin.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use store::AllowedOrigins;

    use super::*;

    #[test]
    fn media_come_from_the_allowed_sites_unless_the_organization_says_otherwise() {
        for (origins, load_foreign_media, expected) in [
            ("", false, ""),
            ("https://shop.example", false, "https://shop.example"),
            (
                "https://shop.example http://localhost:3000",
                false,
                "http://localhost:3000 https://shop.example",
            ),
            ("", true, "https:"),
            (
                "http://localhost:3000",
                true,
                "https: http://localhost:3000",
            ),
            (
                "https://*.example https://a;b.example https://a,b.example",
                false,
                "",
            ),
        ] {
            let preferences = Preferences {
                // Some of the last are no origins to begin with.
                allowed_origins: AllowedOrigins::from(
                    origins.split(' ').map(str::to_owned).collect::<Vec<_>>(),
                ),
                load_foreign_media,
                ..Preferences::default()
            };
            assert_eq!(
                MediaSources::chosen(&preferences).as_str(),
                expected,
                "{origins}"
            );
        }
    }
}
