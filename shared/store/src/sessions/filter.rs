//! Which of an organization's sessions are looked for. Pure.

use identity::{AddressFilter, PersonId};
use jiff::civil::Date;
use replay::{Counts, Summary};
use url::Url;

use crate::sessions::problem_words::ProblemFilter;
use crate::sessions::visit_length::MinLength;

/// Which sessions are looked for; by default all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Only these people's: what [`Store::people_by`](crate::People::called) has found. Nobody's when
    /// empty.
    pub people: Option<Vec<PersonId>>,
    /// Only sessions with such an e-mail address, whoever said it.
    pub address: Option<AddressFilter>,
    /// Only sessions that were on such a page.
    pub page: Option<PageFilter>,
    /// Only sessions that began on this day (UTC) or later.
    pub from: Option<Date>,
    /// Only sessions that began on this day (UTC) or earlier.
    pub to: Option<Date>,
    /// Only sessions with errors: of scripts, on the console, or failed requests.
    pub errors: bool,
    /// Only sessions with rage clicks.
    pub rage_clicks: bool,
    /// Only sessions with dead clicks.
    pub dead_clicks: bool,
    /// Only sessions with a problem of this text.
    pub problem: Option<ProblemFilter>,
    /// Only sessions that are at least so long.
    pub length: Option<MinLength>,
}

/// Pages whose path contains a text, whatever its case: `/cart`, or a whole address.
///
/// Personal data, as what it is compared with: `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub struct PageFilter {
    /// As somebody wrote it.
    text: String,
    /// As it stands in addresses, in lower case.
    wanted: String,
}

/// What of a session filters go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flags {
    pub(crate) errors: bool,
    pub(crate) rage_clicks: bool,
    pub(crate) dead_clicks: bool,
}

impl PageFilter {
    /// Longest text, bytes.
    pub const MAX_BYTES: usize = 500;

    /// Takes what somebody wrote; `None` when it is empty, and so no filter, or too long to be part of any
    /// page.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > Self::MAX_BYTES {
            return None;
        }
        let written = match Url::parse(text) {
            Ok(url) if url.has_host() => path_of(text),
            // Written as addresses spell it, with whatever stands in them as %xx.
            _ => {
                let spelled = format!("https://s/{}", text.trim_start_matches('/'));
                let path = path_of(&spelled);
                match text.starts_with('/') {
                    true => path,
                    false => path.trim_start_matches('/').to_owned(),
                }
            }
        };
        Some(Self {
            text: text.to_owned(),
            wanted: written.to_lowercase(),
        })
    }

    /// As somebody wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        path.to_lowercase().contains(&self.wanted)
    }
}

impl std::fmt::Debug for PageFilter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PageFilter(..)")
    }
}

impl Flags {
    pub(crate) fn of(counts: &Counts) -> Self {
        Self {
            // What is not recorded is no error, and no lack of one.
            errors: counts.known_errors() > 0,
            rage_clicks: counts.rage_clicks > 0,
            dead_clicks: counts.dead_clicks > 0,
        }
    }
}

impl SessionFilter {
    /// Whether it asks for nothing that has to be looked for.
    pub(crate) fn takes_all(&self) -> bool {
        let of_problems = self.errors || self.rage_clicks || self.dead_clicks;
        let is_any = self.page.is_none() && self.problem.is_none() && self.address.is_none();
        is_any && !of_problems && self.length.is_none()
    }

    pub(crate) fn takes_flags(&self, flags: Flags) -> bool {
        (flags.errors || !self.errors)
            && (flags.rage_clicks || !self.rage_clicks)
            && (flags.dead_clicks || !self.dead_clicks)
    }

    /// Whether it asks for a session with this summary, whoever's and whenever.
    pub(crate) fn takes(&self, summary: &Summary) -> bool {
        let is_on_page = |page: &PageFilter| {
            let mut urls = summary.pages.iter().map(|page| page.url.as_str());
            urls.any(|url| page.matches(&path_of(url)))
        };
        let has_problem = |problem: &ProblemFilter| problem.takes(summary);
        self.takes_flags(Flags::of(&summary.counts))
            && self.page.as_ref().is_none_or(is_on_page)
            && self.problem.as_ref().is_none_or(has_problem)
            && self.length.is_none_or(|length| length.takes(summary))
    }
}

/// What pages are told apart by here: the path of an address, or all of what is no address.
pub(crate) fn path_of(url: &str) -> String {
    match Url::parse(url) {
        Ok(parsed) => parsed.path().to_owned(),
        Err(_) => url.split(['?', '#']).next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_any_part_of_its_path_however_it_is_written() {
        for (text, url, matches) in [
            ("/cart", "https://shop.example/cart", true),
            ("/cart", "https://shop.example/my/cart/2", true),
            ("CART", "https://shop.example/cart", true),
            ("cart?id=1#top", "https://shop.example/cart", true),
            (
                "https://shop.example/cart?x",
                "https://shop.example/cart",
                true,
            ),
            ("/bücher", "https://shop.example/b%C3%BCcher", true),
            ("my lists", "https://shop.example/my%20lists", true),
            ("/cart", "https://shop.example/checkout", false),
            ("shop.example", "https://shop.example/cart", false),
        ] {
            let page = PageFilter::parse(text).unwrap();
            assert_eq!(page.matches(&path_of(url)), matches, "{text} {url}");
            assert_eq!(page.as_str(), text);
        }
    }

    #[test]
    fn nothing_and_far_too_much_are_no_filter() {
        assert_eq!(PageFilter::parse("  "), None);
        assert_eq!(PageFilter::parse(&"x".repeat(501)), None);
    }
}
