//! Visits of pages: page loads and single-page route changes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::definitions::MAX_PAGES;
use crate::privacy;
use crate::summary::Page;

/// The visits so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Pages {
    /// The first visit and the latest ones; the last one is still open.
    visits: Vec<Visit>,
    /// What tells the open page from others: a hash, because queries may hold secrets.
    current: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Visit {
    url: String,
    at: i64,
    left_at: Option<i64>,
}

impl Pages {
    /// Takes the address of the page on screen. True if that is another page than before.
    pub(crate) fn show(&mut self, href: &str, at: i64) -> bool {
        if href.is_empty() {
            return false;
        }
        let href = self.resolve(href);
        let identity = Some(xxh3_64(without_anchor(&href).as_bytes()));
        if self.current == identity {
            return false;
        }
        self.current = identity;
        if let Some(open) = self.visits.last_mut() {
            open.left_at = Some(at);
        }
        if self.visits.len() == MAX_PAGES {
            self.visits.remove(1);
        }
        self.visits.push(Visit {
            url: privacy::url(&href),
            at,
            left_at: None,
        });
        true
    }

    /// The address of the page on screen, as it is shown.
    pub(crate) fn shown_url(&self) -> Option<&str> {
        self.visits.last().map(|visit| visit.url.as_str())
    }

    /// Some recorders tell only the path of a route.
    fn resolve<'h>(&self, href: &'h str) -> Cow<'h, str> {
        if !href.starts_with('/') {
            return Cow::Borrowed(href);
        }
        let shown = self
            .visits
            .last()
            .and_then(|visit| Url::parse(&visit.url).ok());
        match shown.and_then(|base| base.join(href).ok()) {
            Some(url) => Cow::Owned(url.into()),
            None => Cow::Borrowed(href),
        }
    }

    /// The visits as they are shown. What came before the first address belongs to the first page.
    pub(crate) fn summarize(&self, started: i64, ended: i64) -> Vec<Page> {
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

/// Milliseconds from one moment to a later one; a clock that was set back makes none.
pub(crate) fn since(from: i64, to: i64) -> u64 {
    u64::try_from(to - from).unwrap_or_default()
}

/// The address without a fragment that is a place on the page; one that is a route (`#/users`) stays.
fn without_anchor(href: &str) -> &str {
    match href.split_once('#') {
        Some((page, fragment)) if !fragment.starts_with(['/', '!']) => page,
        _ => href,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_lasts_until_another_page_is_shown() {
        let mut pages = Pages::default();
        for (href, at, another) in [
            ("https://a.example/?q=1", 105, true),
            ("https://a.example/?q=1", 200, false),
            ("https://a.example/?q=1#top", 250, false),
            ("https://a.example/?q=2", 300, true),
            ("https://a.example/?q=2#/users", 400, true),
            ("/settings?token=x", 600, true),
        ] {
            assert_eq!(pages.show(href, at), another, "{href}");
        }
        let shown: Vec<_> = pages
            .summarize(100, 1_000)
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
    fn the_first_page_and_the_latest_ones_are_kept() {
        let mut pages = Pages::default();
        for page in 0..1_000 {
            pages.show(&format!("https://a.example/{page}"), page);
        }
        let shown = pages.summarize(0, 1_000);
        assert_eq!(shown.len(), MAX_PAGES);
        assert_eq!(shown[0].url, "https://a.example/0");
        assert_eq!(shown[MAX_PAGES - 1].url, "https://a.example/999");
        assert_eq!(shown[0].dwell_ms, 1);
    }
}
