//! One wording for what Chromium, Firefox and Safari say of the same error in words of their own.
//!
//! Only where each of them says the same thing: what one of them does not tell cannot be compared.

use std::borrow::Cow;

/// The text with the error in it worded in one way.
pub(super) fn in_one_wording(text: &str) -> Cow<'_, str> {
    const NAMES: [&str; 6] = [
        "TypeError: ",
        "ReferenceError: ",
        "SyntaxError: ",
        "RangeError: ",
        "InternalError: ",
        "AbortError: ",
    ];
    // Most texts name none of them: one search instead of six.
    let is_named = memchr::memmem::find(text.as_bytes(), b"Error: ").is_some();
    let mut names = NAMES.iter().filter(|_| is_named);
    let found = names.find_map(|name| Some((name, text.find(name)?)));
    let Some((name, at)) = found else {
        return match text.starts_with("ResizeObserver loop ") {
            true => Cow::Borrowed("ResizeObserver loop"),
            false => Cow::Borrowed(text),
        };
    };
    let said = &text[at + name.len()..];
    let worded = match *name {
        "TypeError: " => of_type(said),
        "ReferenceError: " => said
            .strip_prefix("Can't find variable: ")
            .map(|variable| format!("{variable} is not defined")),
        "SyntaxError: " => of_json(said).map(str::to_owned),
        "RangeError: " | "InternalError: " => is_recursion(said).then(String::new),
        _ => is_abort(said).then(String::new),
    };
    match worded {
        Some(worded) if worded.is_empty() && is_recursion(said) => {
            Cow::Owned(format!("{}too much recursion", &text[..at]))
        }
        Some(worded) => Cow::Owned(format!("{}{name}{worded}", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

fn of_type(said: &str) -> Option<String> {
    if let Some((property, of)) = property_of_nothing(said) {
        return Some(format!("no {property} of {of}"));
    }
    if is_fetch(said) {
        return Some("Failed to fetch".to_owned());
    }
    const IMPORTS: [&str; 3] = [
        "Failed to fetch dynamically imported module",
        "error loading dynamically imported module",
        "Importing a module script failed",
    ];
    if IMPORTS.iter().any(|import| said.starts_with(import)) {
        return Some("Failed to import a module".to_owned());
    }
    // Safari says where, behind what the others say.
    const WHERE: [&str; 3] = [". (In '", " (evaluating '", " (near '"];
    let ends = WHERE.iter().find_map(|place| said.find(place));
    ends.map(|end| said[..end].to_owned())
}

/// Which property was asked of `undefined` or `null`.
fn property_of_nothing(said: &str) -> Option<(&str, &str)> {
    for verb in ["Cannot read ", "Cannot set "] {
        let Some(rest) = said.strip_prefix(verb) else {
            continue;
        };
        if let Some(rest) = rest.strip_prefix("properties of ") {
            let (of, rest) = rest.split_once(" (")?;
            let property = rest.split_once('\'')?.1.rsplit_once('\'')?.0;
            return Some((property, of));
        }
        let rest = rest.strip_prefix("property '")?;
        return rest.split_once("' of ");
    }
    if let Some(rest) = said.strip_prefix("can't access property \"") {
        let (property, rest) = rest.split_once('"')?;
        let of = rest.rsplit(' ').next()?;
        return is_nothing(of).then_some((property, of));
    }
    let (of, rest) = said.split_once(" is not an object (evaluating '")?;
    let asked = rest.split(['\'', '=']).next()?.trim();
    let property = match asked.strip_suffix(']') {
        Some(asked) => asked.rsplit_once('[')?.1,
        None => asked.rsplit_once('.')?.1,
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let is_property = !property.is_empty() && property.bytes().all(is_name);
    (is_nothing(of) && is_property).then_some((property, of))
}

fn is_nothing(of: &str) -> bool {
    matches!(of, "undefined" | "null")
}

fn is_fetch(said: &str) -> bool {
    let said = said.split(" (").next().unwrap_or_default();
    matches!(
        said.trim_end_matches('.'),
        "Failed to fetch" | "NetworkError when attempting to fetch resource" | "Load failed"
    )
}

/// What is no JSON, or only its beginning.
fn of_json(said: &str) -> Option<&'static str> {
    const ENDS: [&str; 4] = [
        "Unexpected end of JSON input",
        "JSON.parse: unexpected end of data",
        "JSON.parse: end of data",
        "JSON Parse error: Unexpected EOF",
    ];
    if ENDS.iter().any(|end| said.starts_with(end)) {
        return Some("JSON that ends early");
    }
    let is_chromiums = said.starts_with("Unexpected token")
        && (said.contains(" in JSON") || said.ends_with("is not valid JSON"));
    let is_others = said.starts_with("JSON.parse: ") || said.starts_with("JSON Parse error: ");
    (is_chromiums || is_others).then_some("no JSON")
}

fn is_recursion(said: &str) -> bool {
    said.starts_with("Maximum call stack size exceeded") || said == "too much recursion"
}

fn is_abort(said: &str) -> bool {
    const WORDS: [&str; 4] = [
        "The user aborted a request",
        "signal is aborted without reason",
        "The operation was aborted",
        "Fetch is aborted",
    ];
    WORDS.iter().any(|words| said.starts_with(words))
}

#[cfg(test)]
mod tests {
    use super::super::words::constant;

    #[test]
    fn the_same_error_is_the_same_in_every_browser() {
        let all: [&[&str]; 9] = [
            &[
                "TypeError: Cannot read properties of undefined (reading 'total')",
                "TypeError: Cannot read property 'total' of undefined",
                "TypeError: can't access property \"total\", cart.items is undefined",
                "TypeError: undefined is not an object (evaluating 'cart.items.total')",
                "TypeError: Cannot set properties of undefined (setting 'total')",
                "TypeError: undefined is not an object (evaluating 'cart.items.total = 3')",
            ],
            &[
                "TypeError: Cannot read properties of null (reading 'total')",
                "TypeError: can't access property \"total\", cart is null",
                "TypeError: null is not an object (evaluating 'cart.total')",
            ],
            &[
                "TypeError: Cannot read properties of undefined (reading '0')",
                "TypeError: can't access property \"1\", cart is undefined",
                "TypeError: undefined is not an object (evaluating 'cart[0]')",
            ],
            &[
                "TypeError: coupon.apply is not a function",
                "TypeError: coupon.apply is not a function. (In 'coupon.apply(17)', 'coupon.apply' is undefined)",
            ],
            &[
                "ReferenceError: cart is not defined",
                "ReferenceError: Can't find variable: cart",
            ],
            &[
                "sync failed TypeError: Failed to fetch",
                "sync failed TypeError: NetworkError when attempting to fetch resource.",
                "sync failed TypeError: Load failed",
                "sync failed TypeError: Failed to fetch (api.shop.example)",
            ],
            &[
                "SyntaxError: Unexpected token '<', \"<!doctype \"... is not valid JSON",
                "SyntaxError: Unexpected token < in JSON at position 0",
                "SyntaxError: JSON.parse: unexpected character at line 1 column 1 of the JSON data",
                "SyntaxError: JSON Parse error: Unrecognized token '<'",
            ],
            &[
                "SyntaxError: Unexpected end of JSON input",
                "SyntaxError: JSON.parse: unexpected end of data at line 1 column 1 of the JSON data",
                "SyntaxError: JSON Parse error: Unexpected EOF",
            ],
            &[
                "RangeError: Maximum call stack size exceeded",
                "InternalError: too much recursion",
            ],
        ];
        for same in all {
            let one = constant(same[0]);
            for other in same {
                assert_eq!(constant(other), one, "{other}");
            }
        }
        let mut different: Vec<String> = all.iter().map(|same| constant(same[0])).collect();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn errors_that_differ_stay_apart() {
        let different = [
            "TypeError: Cannot read properties of undefined (reading 'total')",
            "TypeError: Cannot read properties of undefined (reading 'tax')",
            "TypeError: coupon.apply is not a function",
            "TypeError: coupon.remove is not a function",
            "ReferenceError: cart is not defined",
            "ReferenceError: coupon is not defined",
            "SyntaxError: Unexpected token '<'",
            "Error: no stock",
            "Error: no coupon",
            "RangeError: Invalid array length",
        ];
        let mut constants: Vec<String> = different.iter().map(|text| constant(text)).collect();
        constants.sort();
        constants.dedup();
        assert_eq!(constants.len(), different.len(), "{constants:?}");
    }
}
