//! Which endpoint a path names.

use percent_encoding::percent_decode_str;
use platform::http::ApiError;
use replay::Fingerprint;

use api::Error;

/// Everything that is answered, by method and path. A name in braces stands for what a caller chooses.
pub const ROUTES: [(&str, &str); 2] = [
    ("GET", "/v1/problems"),
    ("GET", "/v1/problems/{fingerprint}"),
];

/// A path, parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// The most frequent problems.
    Problems,
    /// One of them.
    Problem(Fingerprint),
}

impl Route {
    /// # Errors
    /// 404 for a path that is none of ours, 400 for a malformed fingerprint.
    pub(crate) fn parse(path: &str) -> Result<Self, Error> {
        let segments: Vec<&str> = path.split('/').collect();
        match segments[..] {
            ["", "v1", "problems"] => Ok(Self::Problems),
            ["", "v1", "problems", fingerprint] => {
                let decoded = percent_decode_str(fingerprint).decode_utf8_lossy();
                let fingerprint = Fingerprint::parse(&decoded).ok_or_else(|| {
                    let rule = "A problem's fingerprint is 16 lower-case hexadecimal digits.";
                    ApiError::bad_request("bad_fingerprint", rule)
                })?;
                Ok(Self::Problem(fingerprint))
            }
            _ => Err(Error::unknown_route(&ROUTES)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_endpoints_and_others_are_refused() {
        let fingerprint = Fingerprint::parse("00c0ffee00c0ffee").unwrap();
        for (path, expected) in [
            ("/v1/problems", Ok(Route::Problems)),
            (
                "/v1/problems/00c0ffee00c0ffee",
                Ok(Route::Problem(fingerprint)),
            ),
            (
                "/v1/problems/%30%30c0ffee00c0ffee",
                Ok(Route::Problem(fingerprint)),
            ),
            ("/v1/problems/00C0FFEE00C0FFEE", Err(400)),
            ("/v1/problems/1", Err(400)),
            ("/v1/problems/%FF", Err(400)),
            ("/v1/problems/00c0ffee00c0ffee/more", Err(404)),
            ("/v1/problem", Err(404)),
            ("/", Err(404)),
        ] {
            let parsed = Route::parse(path);
            let parsed = parsed.map_err(|error| error.into_response().status().as_u16());
            assert_eq!(parsed, expected, "{path}");
        }
    }
}
