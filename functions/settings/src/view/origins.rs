//! What is wrong with a list of sites that may record, so that whoever wrote it finds the place.

use pages::format;
use store::{AllowedOrigins, Origin};
use url::Url;

/// Most characters of a line that are repeated.
const MAX_CHARS: usize = 60;

/// The first line that is no site, and what to do about it; else that there are too many.
pub(super) fn what_is_wrong(written: &str) -> String {
    let lines = written.lines().enumerate();
    let mut sites = lines.flat_map(|(number, line)| {
        let sites = line.split_whitespace();
        sites.map(move |site| (number + 1, site))
    });
    match sites.find(|(_, site)| Origin::parse(site).is_err()) {
        Some((line, site)) => {
            let shown = format::clip(site, MAX_CHARS);
            format!("Line {line}, “{shown}”: {}.", advice(site))
        }
        None => format!("Enter at most {} sites.", AllowedOrigins::MAX),
    }
}

fn advice(site: &str) -> &'static str {
    if Origin::parse(&format!("https://{site}")).is_ok() {
        return "add https://";
    }
    match Url::parse(site) {
        Ok(url) if url.scheme() == "http" && url.has_host() => {
            "use https://; http:// is for localhost alone"
        }
        Ok(url) if url.scheme() == "https" && url.has_host() => "leave out what follows the host",
        _ => "write it like https://shop.example",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_is_no_site_is_named_with_what_to_do() {
        let many: String = (0..=AllowedOrigins::MAX)
            .map(|number| format!("https://{number}.example\n"))
            .collect();
        for (written, said) in [
            ("shop.example", "Line 1, “shop.example”: add https://."),
            (
                "https://a.example\nhttps://b.example/cart",
                "Line 2, “https://b.example/cart”: leave out what follows the host.",
            ),
            (
                "http://shop.example",
                "Line 1, “http://shop.example”: use https://; http:// is for localhost alone.",
            ),
            ("<b>", "Line 1, “<b>”: write it like https://shop.example."),
            (&many, "Enter at most 20 sites."),
        ] {
            assert_eq!(what_is_wrong(written), said);
        }
    }
}
