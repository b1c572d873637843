//! Which endpoint a path names. Clients of one family differ in their paths and in little else.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use tracking::Call;

use crate::Error;

/// Everything that is answered, by method and path, apart from preflights. A name in braces stands for
/// what a caller chooses.
pub const ROUTES: [(&str, &str); 8] = [
    ("POST", "/v1/{call}"),
    ("POST", "/beacon/v1/batch"),
    ("POST", "/sdk/batch"),
    ("POST", "/api/s/{call}"),
    ("POST", "/api/s/s2s/{call}"),
    ("GET", "/v1/projects/{write_key}/settings"),
    ("GET", "/projects/{write_key}/settings"),
    ("GET", "/sourceConfig"),
];

/// A path, parsed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// Events: of this call, or of those that they name themselves.
    Events(Option<Call>),
    /// What a client says of itself.
    Metrics,
    /// What a Segment client asks before it starts.
    Settings {
        /// The source's key.
        write_key: Cow<'a, str>,
    },
    /// What a client of Rudder's asks before it starts.
    SourceConfig,
}

impl<'a> Route<'a> {
    /// Reads a path without idle slashes.
    ///
    /// # Errors
    /// 404 for a path that is none of ours.
    pub(crate) fn parse(path: &'a str) -> Result<Self, Error> {
        let segments: Vec<&str> = path.split('/').collect();
        let route = match segments[..] {
            ["", "v1", "m"] => Some(Self::Metrics),
            ["", "v1", word] | ["", "api", "s", word] | ["", "api", "s", "s2s", word] => {
                call(word).map(Self::Events)
            }
            ["", "beacon", "v1", "batch"] | ["", "sdk", "batch"] => Some(Self::Events(None)),
            ["", "v1", "projects", write_key, "settings"]
            | ["", "projects", write_key, "settings"] => Some(Self::Settings {
                write_key: percent_decode_str(write_key).decode_utf8_lossy(),
            }),
            ["", "sourceConfig"] => Some(Self::SourceConfig),
            _ => None,
        };
        route.ok_or_else(|| Error::unknown_route(&ROUTES))
    }

    /// Whether it is asked with `GET`, and not told with `POST`.
    pub(crate) fn is_question(&self) -> bool {
        matches!(self, Self::Settings { .. } | Self::SourceConfig)
    }
}

/// The call that a path's last word names: `Some(None)` for the words of batches.
fn call(word: &str) -> Option<Option<Call>> {
    match word {
        "b" | "batch" | "import" => Some(None),
        _ => Call::from_name(word).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(write_key: &str) -> Route<'_> {
        Route::Settings {
            write_key: Cow::Borrowed(write_key),
        }
    }

    #[test]
    fn every_clients_path_names_what_it_sends() {
        for (path, expected) in [
            ("/v1/batch", Route::Events(None)),
            ("/v1/import", Route::Events(None)),
            ("/v1/b", Route::Events(None)),
            ("/v1/identify", Route::Events(Some(Call::Identify))),
            ("/v1/track", Route::Events(Some(Call::Track))),
            ("/v1/page", Route::Events(Some(Call::Page))),
            ("/v1/screen", Route::Events(Some(Call::Screen))),
            ("/v1/group", Route::Events(Some(Call::Group))),
            ("/v1/alias", Route::Events(Some(Call::Alias))),
            ("/v1/i", Route::Events(Some(Call::Identify))),
            ("/v1/t", Route::Events(Some(Call::Track))),
            ("/v1/p", Route::Events(Some(Call::Page))),
            ("/v1/s", Route::Events(Some(Call::Screen))),
            ("/v1/g", Route::Events(Some(Call::Group))),
            ("/v1/a", Route::Events(Some(Call::Alias))),
            ("/v1/m", Route::Metrics),
            ("/beacon/v1/batch", Route::Events(None)),
            ("/sdk/batch", Route::Events(None)),
            ("/api/s/track", Route::Events(Some(Call::Track))),
            ("/api/s/s2s/identify", Route::Events(Some(Call::Identify))),
            ("/v1/projects/key/settings", settings("key")),
            ("/projects/a%20key/settings", settings("a key")),
            ("/sourceConfig", Route::SourceConfig),
        ] {
            assert_eq!(Route::parse(path).ok(), Some(expected), "{path}");
        }
    }

    #[test]
    fn other_paths_are_unknown() {
        for path in [
            "",
            "/",
            "/v1",
            "/v1/",
            "/v1/x",
            "/v1/tracks",
            "/v2/track",
            "/api/s",
            "/projects/key",
            "/v1/projects/key",
            "/sourceconfig",
            "/v1/batch/more",
        ] {
            let error = Route::parse(path).err();
            let status = error.map(|error| error.into_api_error().status().as_u16());
            assert_eq!(status, Some(404), "{path}");
        }
    }
}
