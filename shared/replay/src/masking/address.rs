//! Addresses of pages and links, without what may be personal or secret in them.

use xxhash_rust::xxh3::xxh3_64;

use crate::privacy;

/// Longest fragment that is kept, bytes.
const LONGEST_PLAIN: usize = 64;

/// The address without credentials, query and what may be secret in its fragment, if that is another one.
/// What tells pages and routes apart is told on: of a query, and of a fragment that is more than plain words,
/// 16 bits of a hash stay, too few to find it again.
pub(super) fn clean(address: &str) -> Option<String> {
    clean_with(address, mark)
}

/// The same of a request. It is told apart by the names in its query: their values differ each time.
pub(super) fn clean_request(address: &str) -> Option<String> {
    clean_with(address, |query| {
        let names = query.split('&').map(|parameter| split(parameter, '=').0);
        let names: Vec<String> = names
            .map(|name| name.replace(|character: char| character.is_ascii_digit(), ""))
            .collect();
        mark(&names.join("&"))
    })
}

fn clean_with(address: &str, mark_of_query: impl Fn(&str) -> String) -> Option<String> {
    let (page, fragment) = split(address, '#');
    let (path, query) = split(page, '?');
    let mut clean = privacy::whole_url(path);
    if let Some(query) = query.filter(|_| has_host_or_path(path)) {
        clean.push('?');
        clean.push_str(&mark_of_query(query));
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

/// Stands for a text of which nothing may be told but that it is this one: four letters of sixteen.
fn mark(text: &str) -> String {
    const LETTERS: [char; 16] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p',
    ];
    let is_mark = text.strip_prefix('~').is_some_and(|letters| {
        letters.len() == 4 && letters.chars().all(|letter| LETTERS.contains(&letter))
    });
    if text.is_empty() || is_mark {
        return text.to_owned();
    }
    let hash = xxh3_64(text.as_bytes());
    let letters = (0..4).filter_map(|place| LETTERS.get((hash >> (4 * place)) as usize & 0xf));
    std::iter::once(&'~').chain(letters).collect()
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

    #[test]
    fn requests_are_told_apart_by_what_they_name() {
        let of = |query: &str| clean_request(&format!("/api?{query}")).unwrap();
        assert_eq!(of("sku=7&token=tok-secret-771"), of("sku=8&token=other"));
        assert_eq!(of("item7=1"), of("item8=1"));
        assert_ne!(of("sku=7"), of("at=7"));
        assert_eq!(clean_request(&of("sku=7")), None);
    }
}
