//! Slashes that mean nothing.

use lambda_http::http::Uri;
use lambda_http::http::uri::PathAndQuery;

/// Removes idle slashes from a path: of several in a row all but one, and the one at the end. Queries stay.
///
/// That breaks no signature: those of links and forms do not cover the path.
pub fn without_idle_slashes(uri: &mut Uri) {
    let path = uri.path();
    if !path.contains("//") && (path == "/" || !path.ends_with('/')) {
        return;
    }
    let mut canonical: String = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .flat_map(|segment| ["/", segment])
        .collect();
    if canonical.is_empty() {
        canonical.push('/');
    }
    if let Some(query) = uri.query() {
        canonical.push('?');
        canonical.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    // Its characters are those of an address already.
    parts.path_and_query = PathAndQuery::try_from(canonical).ok();
    if let Ok(canonical) = Uri::from_parts(parts) {
        *uri = canonical;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(address: &str) -> String {
        let mut uri: Uri = address.parse().unwrap();
        without_idle_slashes(&mut uri);
        uri.to_string()
    }

    #[test]
    fn a_slash_doubled_or_at_the_end_is_taken_out() {
        for (address, expected) in [
            ("/", "/"),
            ("//", "/"),
            ("/?a=b", "/?a=b"),
            ("/sessions", "/sessions"),
            ("/sessions/", "/sessions"),
            ("//v1//sessions///x//", "/v1/sessions/x"),
            ("/v1/sessions/x/?a=//b/", "/v1/sessions/x?a=//b/"),
            ("/sessions/a%2F%2Fb/", "/sessions/a%2F%2Fb"),
            ("https://host.example//a/", "https://host.example/a"),
            ("https://host.example//?q", "https://host.example/?q"),
        ] {
            assert_eq!(canonical(address), expected, "{address}");
        }
    }

    proptest! {
        #[test]
        fn segments_and_query_stay_as_they_are(path in "(/[a-z%2.]{0,3}){1,6}", query in "[a-z/=&]{0,8}") {
            let found = canonical(&format!("{path}?{query}"));
            let (found, kept) = found.split_once('?').unwrap();
            let segments = |path: &str| -> Vec<String> {
                path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
            };
            prop_assert_eq!(segments(found), segments(&path));
            prop_assert_eq!(kept, query);
            prop_assert!(found == "/" || !found.ends_with('/'));
            prop_assert!(!found.contains("//"));
            prop_assert_eq!(canonical(found), found);
        }
    }
}
