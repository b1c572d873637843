//! Which endpoint a path names.

use identity::SourceId;
use lambda_http::http::Method;
use percent_encoding::percent_decode_str;
use platform::http::ApiError;
use replay::Fingerprint;

use api::Error;

/// Everything that is answered, by method and path. A name in braces stands for what a caller chooses.
pub const ROUTES: [(&str, &str); 7] = [
    ("GET", "/v1/problems"),
    ("GET", "/v1/problems/{fingerprint}"),
    ("GET", "/v1/sources"),
    ("POST", "/v1/sources"),
    ("GET", "/v1/sources/{source_id}"),
    ("PUT", "/v1/sources/{source_id}"),
    ("POST", "/v1/sources/{source_id}/keys"),
];

/// A path, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// The most frequent problems.
    Problems,
    /// One of them.
    Problem(Fingerprint),
    /// Where tracked events come from.
    Sources,
    /// One of them.
    Source(SourceId),
    /// Its keys.
    SourceKeys(SourceId),
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
            ["", "v1", "sources"] => Ok(Self::Sources),
            ["", "v1", "sources", source] => Ok(Self::Source(source_id(source)?)),
            ["", "v1", "sources", source, "keys"] => Ok(Self::SourceKeys(source_id(source)?)),
            _ => Err(Error::unknown_route(&ROUTES)),
        }
    }

    /// The methods that it answers.
    pub(crate) fn methods(&self) -> &'static [Method] {
        match self {
            Self::Problems | Self::Problem(_) => &[Method::GET],
            Self::Sources => &[Method::GET, Method::POST],
            Self::Source(_) => &[Method::GET, Method::PUT],
            Self::SourceKeys(_) => &[Method::POST],
        }
    }
}

fn source_id(text: &str) -> Result<SourceId, Error> {
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    let id = SourceId::parse(&decoded);
    Ok(id.map_err(|error| ApiError::bad_request("bad_source_id", error.to_string()))?)
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
            ("/v1/sources", Ok(Route::Sources)),
            ("/v1/sources/site", Ok(Route::Source(SourceId::site()))),
            (
                "/v1/sources/s%69te/keys",
                Ok(Route::SourceKeys(SourceId::site())),
            ),
            ("/v1/sources/a%2Fb", Err(400)),
            ("/v1/sources/site/key", Err(404)),
            ("/v1/problem", Err(404)),
            ("/", Err(404)),
        ] {
            let parsed = Route::parse(path);
            let parsed = parsed.map_err(|error| error.into_response().status().as_u16());
            assert_eq!(parsed, expected, "{path}");
        }
    }
}
