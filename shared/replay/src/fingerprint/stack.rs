//! The top of a stack: where in the page's code it happened, in any browser and after any release.

use super::route;
use crate::privacy;

/// A call of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Call<'f> {
    function: &'f str,
    /// With line and column.
    address: &'f str,
}

impl<'f> Call<'f> {
    /// Reads `name (address:1:2)`, `address:1:2`, `at name (address)` and `name@address`.
    fn parse(frame: &'f str) -> Option<Self> {
        let frame = frame.trim();
        let frame = frame.strip_prefix("at ").unwrap_or(frame);
        let inner = frame
            .strip_suffix(')')
            .and_then(|frame| frame.rsplit_once(" ("));
        let (function, address) = match (inner, frame.split_once('@')) {
            (Some(read), _) => read,
            (None, Some((function, address))) if !function.contains("://") => (function, address),
            _ => ("", frame),
        };
        // Who strips an address of its query strips it of its line as well.
        let is_place = address.contains("://")
            || address.contains(':') && address.ends_with(|each: char| each.is_ascii_digit());
        is_place.then_some(Self { function, address })
    }

    /// Whether it is in the page's own code.
    fn is_of_page(self) -> bool {
        const OTHERS: [&str; 4] = ["<anonymous>", "native", "[native", "eval at"];
        !OTHERS.iter().any(|other| self.address.starts_with(other))
            && !self
                .address
                .split(':')
                .next()
                .is_some_and(|scheme| scheme.ends_with("-extension"))
    }
}

/// Whether a frame tells where in the page's code it happened.
pub(crate) fn is_telling(frame: &str) -> bool {
    Call::parse(frame).is_some_and(Call::is_of_page)
}

/// A frame as it may be shown: without the query of its address, and scrubbed.
pub(crate) fn shown(frame: &str) -> String {
    let Some(call) = Call::parse(frame) else {
        return privacy::label(frame);
    };
    let (address, place) = without_place(call.address);
    let address = format!("{}{place}", privacy::url(address));
    match call.function {
        "" => address,
        function => format!("{} ({address})", privacy::label(function)),
    }
}

/// An address, and the line and column behind it.
fn without_place(address: &str) -> (&str, &str) {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut bare = address;
    for _ in 0..2 {
        if let Some((rest, number)) = bare.rsplit_once(':')
            && is_number(number)
        {
            bare = rest;
        }
    }
    address.split_at(bare.len())
}

/// Where a call is, without what another release, browser or host changes. Empty for none.
pub(super) fn place(frame: &str) -> String {
    let Some(call) = Call::parse(frame).filter(|call| call.is_of_page()) else {
        return String::new();
    };
    let file = file(call.address);
    match function(call.function) {
        "" => file,
        function => format!("{function} {file}"),
    }
}

/// The name that a person has given; empty where browsers differ, or a tool has shortened it.
fn function(name: &str) -> &str {
    /// Minified names are shorter, and others with the next release.
    const SHORTEST: usize = 3;
    let name = name.split(" [as ").next().unwrap_or_default();
    let name = name.rsplit(' ').next().unwrap_or_default();
    let name = name.rsplit(['.', '*', '#']).next().unwrap_or_default();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let is_given = name.len() >= SHORTEST && name.bytes().all(is_name);
    let is_code = matches!(name, "code" | "anonymous" | "eval");
    if is_given && !is_code { name } else { "" }
}

/// The path of a file, without its host, line and column, and without the hash of a release in its name.
fn file(address: &str) -> String {
    let (mut path, _) = without_place(address);
    if let Some((_, rest)) = path.split_once("://") {
        path = rest.find('/').map_or("", |at| &rest[at..]);
    }
    let path = path.find(['?', '#']).map_or(path, |end| &path[..end]);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parts: Vec<&str> = name.split('.').map(without_hash).collect();
    route::pattern(&format!("{folder}/{}", parts.join(".")))
}

/// `index-DkfjQwXz` is `index` of one release: tools write eight letters and digits, large and small.
fn without_hash(name: &str) -> &str {
    let Some((before, hash)) = name.rsplit_once(['-', '~']) else {
        return name;
    };
    let large = hash.bytes().skip(1).filter(u8::is_ascii_uppercase).count();
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_hash = hash.len() == 8 && large > 0 && hash.bytes().all(is_sign);
    if is_hash { before } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_the_same_in_every_browser_release_and_host() {
        for (name, frames) in [
            (
                "applyCoupon /js/cart.js",
                &[
                    "applyCoupon (https://shop.example/js/cart.js:1:2)",
                    "applyCoupon (https://cdn.shop.example/js/cart.js?v=17:30:2)",
                    "at Cart.applyCoupon (https://shop.example/js/cart.js:9:9)",
                    "async Cart.applyCoupon (https://shop.example/js/cart.js:9:9)",
                    "applyCoupon@https://shop.example/js/cart.js:1:2",
                    "applyCoupon (https://shop.example/js/cart.js)",
                    "async*applyCoupon@https://shop.example/js/cart.js:1:2",
                ][..],
            ),
            (
                "/assets/index.js",
                &[
                    "https://shop.example/assets/index-DkfjQwXz.js:1:2",
                    "t (https://shop.example/assets/index-B0aQ2_rT.js:1:2)",
                    "HTMLButtonElement.<anonymous> (https://shop.example/assets/index-Kfj29Qwz.js:1:2)",
                    "load/<@https://shop.example/assets/index-Kfj29Qwz.js:1:2",
                    "global code@https://shop.example/assets/index-Kfj29Qwz.js:1:2",
                    "@https://shop.example/assets/index-Kfj29Qwz.js:1:2",
                ],
            ),
            (
                "/static/main.*.chunk.js",
                &[
                    "e (https://shop.example/static/main.3f2a1b9c.chunk.js:1:2)",
                    "n (https://shop.example/static/main.0badcafe.chunk.js:1:77777)",
                ],
            ),
            (
                "onclick /orders/*",
                &[
                    "HTMLButtonElement.onclick (https://a.example/orders/17:3:4)",
                    "onclick@https://a.example/orders/99:3:4",
                ],
            ),
            (
                "",
                &[
                    "<anonymous>",
                    "native code",
                    "chrome-extension://abc/x.js:1:2",
                    "",
                    "at x (native)",
                ],
            ),
        ] {
            for frame in frames {
                assert_eq!(place(frame), name, "{frame}");
            }
        }
        assert_ne!(
            place("pay (https://a.example/a.js:1:2)"),
            place("pay (https://a.example/b.js:1:2)")
        );
    }
}
