//! The route that an address is of: what stands for an id in it becomes a star.

use super::words::{Piece, VARIES, is_uuid, piece};

/// Segments of a path that tell it from others.
const MAX_SEGMENTS: usize = 12;

/// The pattern of an address: its site and its path, without query and fragment.
pub(super) fn of_address(address: &str) -> String {
    let bare = address
        .find(['?', '#'])
        .map_or(address, |end| &address[..end]);
    match bare.split_once("://") {
        Some((_, rest)) => {
            let host = rest.split('/').next().unwrap_or_default();
            format!("{}{}", site(host), pattern(&rest[host.len()..]))
        }
        None => pattern(bare),
    }
}

/// About whose site it is: `api.shop.example` and `www.shop.example` are the same one's.
pub(super) fn site(host: &str) -> &str {
    let host = host.rsplit('@').next().unwrap_or_default();
    let is_number = host
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b".:[]".contains(&byte));
    let second = host.rmatch_indices('.').nth(1);
    match second {
        Some((at, _)) if !is_number => &host[at + 1..],
        _ => host,
    }
}

/// The pattern of a path.
pub(super) fn pattern(path: &str) -> String {
    let path = path.find(['?', '#']).map_or(path, |end| &path[..end]);
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut pattern = String::with_capacity(path.len() + 1);
    for (index, each) in path.split('/').take(MAX_SEGMENTS).enumerate() {
        if index > 0 {
            pattern.push('/');
        }
        segment(&mut pattern, each);
    }
    if pattern.is_empty() {
        pattern.push('/');
    }
    pattern
}

/// Writes what is constant of a segment.
fn segment(pattern: &mut String, segment: &str) {
    if is_version(segment) {
        return pattern.push_str(segment);
    }
    if is_uuid(segment) || segment.contains(['@', '%', '…']) {
        return pattern.push_str(VARIES);
    }
    let mut rest = segment;
    while !rest.is_empty() {
        let length = rest
            .find(|character: char| !character.is_alphanumeric())
            .unwrap_or(rest.len());
        if length == 0 {
            let sign = rest.chars().next().unwrap_or_default();
            pattern.push(sign);
            rest = &rest[sign.len_utf8()..];
            continue;
        }
        match piece(&rest[..length]) {
            Piece::Constant => pattern.push_str(&rest[..length]),
            Piece::Numbered(name) => {
                pattern.push_str(name);
                pattern.push_str(VARIES);
            }
            Piece::Varies => pattern.push_str(VARIES),
        }
        rest = &rest[length..];
    }
}

/// `v1`, `v12`: two versions are two routes.
fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or_default();
    matches!(number.len(), 1 | 2) && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_in_an_address_become_stars() {
        for (address, expected) in [
            (
                "https://www.shop.example/api/v1/orders/17?x=1",
                "shop.example/api/v1/orders/*",
            ),
            (
                "https://shop.example/api/v2/orders/18/",
                "shop.example/api/v2/orders/*",
            ),
            ("http://127.0.0.1:4173/orders", "127.0.0.1:4173/orders"),
            ("http://localhost:4173/", "localhost:4173/"),
            (
                "/users/0b6c2f9e-1f0a-4c5e-9a7b-3d2e1f0a9b8c/edit",
                "/users/*/edit",
            ),
            ("/users/[…]/edit", "/users/*/edit"),
            ("/products/blue-lamp-1234", "/products/blue-lamp-*"),
            ("/files/3f2a1b9c.png", "/files/*.png"),
            ("/t/cjld2cjxh0000qzrmn831i7rn", "/t/*"),
            ("/page2/step-3", "/page*/step-*"),
            ("/people/getCustomerOrders", "/people/getCustomerOrders"),
            ("/people/a%40b.example", "/people/*"),
            ("", "/"),
        ] {
            assert_eq!(of_address(address), expected, "{address}");
        }
    }

    proptest! {
        #[test]
        fn another_id_is_the_same_route_and_another_word_is_not(
            before in "[g-z]{2,8}", after in "[g-z]{2,8}", other in "[g-z]{2,8}",
            one in "[0-9]{1,9}|[0-9a-f]{8,24}", two in "[0-9]{1,9}|[0-9a-f]{8,24}",
        ) {
            let route = |id: &str, last: &str| of_address(&format!("https://a.example/{before}/{id}/{last}"));
            prop_assert_eq!(route(&one, &after), route(&two, &after));
            prop_assert_eq!(route(&one, &after) == route(&one, &other), after == other);
        }
    }
}
