//! Addresses of pages and links, without what may be personal or secret in them.

use xxhash_rust::xxh3::xxh3_64;

use crate::privacy;

/// Longest fragment that is kept, bytes.
const LONGEST_PLAIN: usize = 64;

/// The address without credentials, query and what may be secret in its fragment, if that is another one.
/// What tells pages and routes apart is told on: of a query, and of a fragment that is more than plain words,
/// 16 bits of a hash stay, too few to find it again.
pub(super) fn clean(address: &str) -> Option<String> {
    let (page, fragment) = split(address, '#');
    let (path, query) = split(page, '?');
    let mut clean = privacy::whole_url(path);
    if let Some(query) = query.filter(|_| has_host_or_path(path)) {
        clean.push('?');
        clean.push_str(&mark(query));
    }
    if let Some(fragment) = fragment {
        clean.push('#');
        match is_plain(fragment) {
            true => clean.push_str(fragment),
            false => {
                let route = fragment.trim_start_matches(['!', '/']);
                clean.push_str(&fragment[..fragment.len() - route.len()]);
                clean.push_str(&mark(route));
            }
        }
    }
    (clean != address).then_some(clean)
}

fn split(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// A `mailto:` or `data:` address is its content.
fn has_host_or_path(address: &str) -> bool {
    !address.contains(':') || address.contains("://")
}

/// Stands for a text of which nothing may be told but that it is this one.
fn mark(text: &str) -> String {
    let is_mark = |text: &str| {
        text.len() == 5
            && text.starts_with('~')
            && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match text.is_empty() || is_mark(text) {
        true => text.to_owned(),
        false => format!("~{:04x}", xxh3_64(text.as_bytes()) & 0xffff),
    }
}

fn is_plain(fragment: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_/!.~".contains(&byte);
    fragment.len() <= LONGEST_PLAIN
        && fragment.bytes().all(is_plain)
        && privacy::without_secrets(fragment).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_path_and_a_plain_fragment() {
        for (address, kept) in [
            ("https://shop.example/cart", None),
            (
                "https://ada:pw@shop.example/",
                Some("https://shop.example/"),
            ),
            ("https://shop.example/#", None),
            ("https://shop.example/?", None),
            ("https://shop.example/#/orders/7", None),
            (
                "mailto:ada@shop.example?subject=tok-secret-771",
                Some("mailto:"),
            ),
            ("javascript:void(0)", Some("javascript:")),
            ("", None),
        ] {
            assert_eq!(clean(address).as_deref(), kept, "{address}");
        }
    }

    #[test]
    fn of_what_may_be_secret_it_is_told_apart_from_others_and_no_more() {
        for (one, other, kept) in [
            (
                "https://a.example/s?q=tok-secret-771",
                "https://a.example/s?q=2",
                "https://a.example/s?~",
            ),
            ("/s?q=tok-secret-771#!/orders", "/s?q=2#!/orders", "/s?~"),
            (
                "https://a.example/#/users/ada@a.example",
                "https://a.example/#/users/eve@a.example",
                "https://a.example/#/~",
            ),
            (
                "https://a.example/#access_token=tok-secret-771",
                "https://a.example/#access_token=2",
                "https://a.example/#~",
            ),
            (
                "https://a.example/#/reset/0123456789abcdef0123456789abcdef",
                "https://a.example/#/reset/0123456789abcdef0123456789abcde0",
                "https://a.example/#/~",
            ),
        ] {
            let [one, other] = [one, other].map(|address| clean(address).unwrap());
            assert!(
                one.starts_with(kept) && one.len() <= kept.len() + 4 + "#!/orders".len(),
                "{one}"
            );
            assert_ne!(one, other);
            assert_eq!(clean(&one), None, "{one}");
        }
    }
}
