//! Visits of pages: page loads and single-page route changes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::definitions::{MAX_PAGES, MAX_VISITS};
use crate::privacy;
use crate::spread::{Place, thin};
use crate::summary::Page;

/// The visits so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Pages {
    /// In order; the last one is still open. Of too many some are left out, but not the first and the
    /// latest ones.
    visits: Vec<Visit>,
    /// Some of them had to go.
    pub(crate) are_thinned: bool,
    /// The page on screen.
    current: Option<Identity>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Visit {
    url: String,
    at: i64,
    left_at: Option<i64>,
}

/// What tells the page on screen from others: hashes, because queries and fragments may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Identity {
    /// Of the address without its fragment.
    page: u64,
    /// Of the fragment.
    fragment: Option<u64>,
    /// Whether the fragment is a route, not a place on the page.
    is_route: bool,
}

impl Identity {
    fn is_another_page(&self, before: &Self) -> bool {
        self.page != before.page || self.is_another_route(before)
    }

    fn is_another_route(&self, before: &Self) -> bool {
        self.fragment != before.fragment && (self.is_route || before.is_route)
    }
}

impl Pages {
    /// Takes the address that stands before a full snapshot: of a page that was loaded, or of the same
    /// one recorded anew. True if that is another page than before.
    ///
    /// A fragment is a place on the page, unless it looks like a route (`#/users`) or was told to be
    /// one.
    pub(crate) fn show(&mut self, href: &str, at: i64) -> bool {
        let looks_like_a_route = |fragment: &str| fragment.starts_with(['/', '!']);
        self.take(href, at, true, looks_like_a_route)
    }

    /// Takes a route that the recorder tells: whatever its fragment looks like, it is one, unless it is a
    /// place on the page.
    pub(crate) fn route(&mut self, href: &str, at: i64, is_place: impl Fn(&str) -> bool) -> bool {
        self.take(href, at, false, |fragment| !is_place(fragment))
    }

    fn take(
        &mut self,
        href: &str,
        at: i64,
        is_snapshot: bool,
        is_route: impl Fn(&str) -> bool,
    ) -> bool {
        if href.is_empty() {
            return false;
        }
        let href = self.resolve(href);
        let (page, fragment) = href.split_once('#').unwrap_or((&href, ""));
        // A mark alone leads nowhere.
        let fragment = Some(fragment).filter(|fragment| !matches!(*fragment, "" | "!"));
        let mut now = Identity {
            page: xxh3_64(page.as_bytes()),
            fragment: fragment.map(|fragment| xxh3_64(fragment.as_bytes())),
            is_route: fragment.is_some_and(is_route),
        };
        let Some(before) = self.current else {
            self.current = Some(now);
            self.visit(privacy::url(&href), at);
            return true;
        };
        let is_same_fragment = before.fragment == now.fragment;
        now.is_route |= is_same_fragment && before.is_route;
        self.current = Some(now);
        if !now.is_another_page(&before) {
            return false;
        }
        let url = privacy::url(&href);
        // A query that a script changes may answer somebody, but it makes no other page of this one.
        let is_shown = is_snapshot || now.is_another_route(&before) || self.shown() != Some(&url);
        if is_shown {
            self.visit(url, at);
        }
        true
    }

    fn visit(&mut self, url: String, at: i64) {
        if let Some(open) = self.visits.last_mut() {
            open.left_at = Some(at);
        }
        if self.visits.len() == MAX_VISITS {
            let latest = self.visits.split_off(MAX_VISITS - MAX_PAGES);
            let place = |visit: &Visit| Place {
                at: visit.at,
                rank: 0,
            };
            thin(&mut self.visits, MAX_VISITS / 2 - MAX_PAGES, place);
            self.visits.extend(latest);
            self.are_thinned = true;
        }
        let left_at = None;
        self.visits.push(Visit { url, at, left_at });
    }

    /// The page before is shown again, and nothing tells which of its kind. False if there was none.
    pub(crate) fn go_back(&mut self, at: i64) -> bool {
        let before = self.visits.len().checked_sub(2);
        let Some(url) = before.and_then(|before| self.visits.get(before)) else {
            return false;
        };
        let url = url.url.clone();
        self.show(&url, at)
    }

    /// Whether an address is of another site than the page.
    pub(crate) fn is_elsewhere(&self, address: &str) -> bool {
        match (self.shown().and_then(host), host(address)) {
            (Some(page), Some(host)) => !site(page).eq_ignore_ascii_case(site(host)),
            _ => false,
        }
    }

    /// The address of the page on screen, as it is shown.
    pub(crate) fn shown(&self) -> Option<&str> {
        self.visits.last().map(|visit| visit.url.as_str())
    }

    /// An address as the page on screen means it: some recorders tell only the path of a route or
    /// request.
    pub(crate) fn resolve<'h>(&self, href: &'h str) -> Cow<'h, str> {
        if !href.starts_with(['/', '#', '?', '.']) {
            return Cow::Borrowed(href);
        }
        let shown = self.shown().and_then(|shown| Url::parse(shown).ok());
        match shown.and_then(|base| base.join(href).ok()) {
            Some(url) => Cow::Owned(url.into()),
            None => Cow::Borrowed(href),
        }
    }

    /// The visits as they are shown. What came before the first address belongs to the first page.
    pub(crate) fn visits(&self, started: i64, ended: i64) -> Vec<Page> {
        let mut pages = Vec::with_capacity(self.visits.len());
        for (index, visit) in self.visits.iter().enumerate() {
            let at = if index == 0 { started } else { visit.at };
            pages.push(Page {
                url: visit.url.clone(),
                at_ms: since(started, at),
                dwell_ms: since(at, visit.left_at.unwrap_or(ended)),
            });
        }
        pages
    }
}

/// The host of an address; it is asked of every request, so the address is not read as a whole.
fn host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let end = match host.starts_with('[') {
        true => host.find(']').map_or(host.len(), |end| end + 1),
        false => host.find(':').unwrap_or(host.len()),
    };
    Some(&host[..end]).filter(|host| !host.is_empty())
}

/// About whose site it is: `api.shop.example` and `www.shop.example` are the same one's.
fn site(host: &str) -> &str {
    let dots = host.rmatch_indices('.');
    dots.map(|(at, _)| at)
        .nth(1)
        .map_or(host, |at| &host[at + 1..])
}

/// What a summary lists of all visits: the first one and the latest.
pub(crate) fn listed(visits: &[Page]) -> Vec<Page> {
    let Some((first, others)) = visits.split_first() else {
        return Vec::new();
    };
    let latest = others.len().saturating_sub(MAX_PAGES - 1);
    let mut listed = vec![first.clone()];
    listed.extend_from_slice(&others[latest..]);
    listed
}

/// Milliseconds from one moment to a later one; a clock that was set back makes none.
pub(crate) fn since(from: i64, to: i64) -> u64 {
    u64::try_from(to - from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of an address: the same page, another one that looks the same, or another visit.
    fn outcome(pages: &mut Pages, how: &str, href: &str, at: i64) -> &'static str {
        let visits = pages.visits.len();
        let another = match how {
            "told" => pages.route(href, at, |_| false),
            _ => pages.show(href, at),
        };
        match (another, pages.visits.len() - visits) {
            (false, 0) => "same",
            (true, 0) => "alike",
            (true, 1) => "visit",
            _ => "impossible",
        }
    }

    #[test]
    fn a_visit_lasts_until_another_page_is_shown() {
        let mut pages = Pages::default();
        for (at, how, href, expected) in [
            (105, "shown", "https://a.example/?q=1", "visit"),
            (200, "shown", "https://a.example/?q=1", "same"),
            (250, "shown", "https://a.example/?q=1#top", "same"),
            (300, "shown", "https://a.example/?q=2", "visit"),
            (350, "told", "https://a.example/?q=3", "alike"),
            (360, "shown", "https://a.example/?q=3", "same"),
            (400, "shown", "https://a.example/?q=3#/users", "visit"),
            (600, "told", "/settings?token=x", "visit"),
        ] {
            assert_eq!(outcome(&mut pages, how, href, at), expected, "{href}");
        }
        let shown: Vec<_> = pages
            .visits(100, 1_000)
            .into_iter()
            .map(|page| (page.url, page.at_ms, page.dwell_ms))
            .collect();
        let home = || "https://a.example/".to_owned();
        assert_eq!(
            shown,
            [
                (home(), 0, 200),
                (home(), 200, 100),
                (home(), 300, 200),
                ("https://a.example/settings".to_owned(), 500, 400),
            ]
        );
    }

    #[test]
    fn a_fragment_is_a_route_when_it_looks_like_one_or_is_told() {
        let mut pages = Pages::default();
        for (how, href, expected) in [
            ("shown", "https://a.example/app#top", "visit"),
            ("told", "https://a.example/app#top", "same"),
            ("told", "https://a.example/app#users", "visit"),
            ("shown", "https://a.example/app#users", "same"),
            ("told", "#orders", "visit"),
            ("told", "#orders", "same"),
            ("shown", "https://a.example/app#orders", "same"),
            ("told", "https://a.example/app", "visit"),
            ("shown", "https://a.example/app#footer", "same"),
            ("told", "https://a.example/app", "same"),
            ("shown", "https://a.example/app#!/inbox", "visit"),
            ("shown", "https://a.example/app", "visit"),
        ] {
            assert_eq!(outcome(&mut pages, how, href, 5), expected, "{how} {href}");
        }
    }

    #[test]
    fn a_map_that_writes_its_place_into_the_query_is_one_visit() {
        let mut pages = Pages::default();
        for place in 0..31 {
            pages.route(
                &format!("https://map.example/stores?at={place}"),
                place,
                |_| false,
            );
        }
        assert_eq!(pages.visits(0, 100).len(), 1);
    }

    #[test]
    fn the_first_page_and_the_latest_ones_are_kept() {
        let mut pages = Pages::default();
        for page in 0..5_000 {
            pages.show(&format!("https://a.example/{page}"), page);
        }
        let visits = pages.visits(0, 5_000);
        assert!(visits.len() <= MAX_VISITS);
        let shown = listed(&visits);
        assert_eq!(shown.len(), MAX_PAGES);
        assert_eq!(shown[0].url, "https://a.example/0");
        assert_eq!(shown[MAX_PAGES - 1].url, "https://a.example/4999");
        assert_eq!(shown[0].dwell_ms, 1);
    }
}
