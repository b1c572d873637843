//! What is a match, and the laws of it.

use proptest::prelude::*;

use super::*;

/// The page and the moment that somebody writes at in these tests.
const PAGE: &str = "https://shop.example/returns";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn page(url: &str) -> PageAddress {
    PageAddress::of(url).unwrap()
}

fn client(browser: &str, version: &str, os: &str, language: &str) -> ClientDetails {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    ClientDetails {
        browser: known(browser),
        browser_version: known(version),
        os: known(os),
        language: known(language),
    }
}

fn as_intercom_says() -> ClientDetails {
    client("chrome", "156.0.1", "Mac OS X", "en")
}

/// On the page since five minutes ago, last active 20 seconds ago.
fn candidate(session: &str) -> Candidate {
    Candidate {
        session: SessionId::parse(session).unwrap(),
        visits: vec![Visit {
            page: page(PAGE),
            from: at(-300),
            until: None,
        }],
        last_active_at: at(-20),
        client: client("Chrome", "156", "macOS", "en-US"),
    }
}

/// Beside so many sessions that no page is everywhere.
fn matched(client: &ClientDetails, candidates: &[Candidate]) -> Option<Scored> {
    let page = page(PAGE);
    let occasion = Occasion {
        at: at(0),
        page: &page,
        client,
    };
    best(&occasion, candidates, 1_000)
}

#[test]
fn who_was_there_then_with_the_same_browser_is_a_match_that_says_why() {
    let found = matched(&as_intercom_says(), &[candidate("s1")]).unwrap();
    assert_eq!((found.session.as_str(), found.confidence), ("s1", 80));
    use Reason::{ActiveThen, SameBrowser, SameLanguage, SamePage, SameSystem, SameVersion};
    assert_eq!(
        found.reasons,
        [
            SamePage,
            ActiveThen,
            SameBrowser,
            SameVersion,
            SameSystem,
            SameLanguage
        ]
    );
}

#[test]
fn what_intercom_does_not_know_neither_adds_nor_rejects() {
    for (known, confidence) in [
        (client("", "", "", ""), None),
        (client("chrome", "", "", ""), None),
        (client("", "156", "", "en"), None),
        (client("chrome", "156", "", ""), Some(70)),
        (client("", "", "mac", "en"), Some(70)),
        (client("Netscape", "156", "mac", "en"), Some(70)),
    ] {
        let found = matched(&known, &[candidate("s1")]);
        assert_eq!(found.map(|found| found.confidence), confidence, "{known:?}");
    }
}

#[test]
fn what_is_known_to_be_otherwise_is_no_match_but_stands_in_the_way() {
    let fits = candidate("s1");
    for otherwise in [
        client("firefox", "", "macOS", "en"),
        client("Chrome", "155", "macOS", "en"),
        client("Chrome", "156", "macOS", "de"),
    ] {
        let mut differs = candidate("s2");
        differs.client = otherwise;
        let alone = matched(&as_intercom_says(), std::slice::from_ref(&differs));
        assert_eq!(alone, None, "{differs:?}");
        let beside = matched(&as_intercom_says(), &[fits.clone(), differs]);
        assert_eq!(beside, None);
    }
}

#[test]
fn the_page_must_have_been_open_then() {
    for (from, until, fits) in [
        (-300, None, true),
        (9, None, true),
        (11, None, false),
        (-300, Some(-9), true),
        (-300, Some(-11), false),
        (-300, Some(60), true),
    ] {
        let mut there = candidate("s1");
        there.visits[0].from = at(from);
        there.visits[0].until = until.map(at);
        let found = matched(&as_intercom_says(), &[there]);
        assert_eq!(found.is_some(), fits, "{from} {until:?}");
    }
    let mut elsewhere = candidate("s1");
    elsewhere.visits[0].page = page("https://shop.example/cart");
    assert_eq!(matched(&as_intercom_says(), &[elsewhere]), None);
}

#[test]
fn something_must_have_happened_about_then() {
    for (last_active, fits) in [(-61, false), (-60, true), (60, true), (61, false)] {
        let mut there = candidate("s1");
        there.last_active_at = at(last_active);
        let found = matched(&as_intercom_says(), &[there]);
        assert_eq!(found.is_some(), fits, "{last_active}");
    }
    let mut opened_then = candidate("s1");
    opened_then.visits[0].from = at(-30);
    opened_then.last_active_at = at(600);
    assert!(matched(&as_intercom_says(), &[opened_then]).is_some());
}

#[test]
fn whoever_comes_near_leaves_none() {
    let changed = |change: fn(&mut Candidate)| {
        let mut other = candidate("s2");
        change(&mut other);
        other
    };
    for (what, other, fits) in [
        (
            "another browser",
            changed(|other| other.client = client("Safari", "19", "macOS", "de")),
            false,
        ),
        (
            "idle",
            changed(|other| other.last_active_at = at(-400)),
            false,
        ),
        (
            "another system",
            changed(|other| other.client.os = Some("Windows".to_owned())),
            true,
        ),
        (
            "idle, another language",
            changed(|other| {
                other.last_active_at = at(-400);
                other.client.language = Some("de".to_owned());
            }),
            true,
        ),
        (
            "gone from the page",
            changed(|other| other.visits[0].until = Some(at(-100))),
            true,
        ),
    ] {
        let found = matched(&as_intercom_says(), &[candidate("s1"), other]);
        assert_eq!(found.is_some(), fits, "{what}");
    }
}

#[test]
fn a_page_where_everybody_is_tells_nobody_apart() {
    let beside = |url: &str, live_sessions| {
        let (page, client) = (page(url), as_intercom_says());
        let mut there = candidate("s1");
        there.visits[0].page = page.clone();
        let mut others: Vec<_> = (0..4).map(|n| candidate(&format!("o{n}"))).collect();
        for other in &mut others {
            other.client.os = Some("Windows".to_owned());
        }
        others.push(there);
        let occasion = Occasion {
            at: at(0),
            page: &page,
            client: &client,
        };
        best(&occasion, &others, live_sessions)
    };
    assert!(beside(PAGE, 21).is_some(), "4 of 20 others");
    assert_eq!(beside(PAGE, 20), None, "4 of 19 others");
    assert_eq!(beside("https://shop.example/?utm=1", 1_000), None);

    let page = page(PAGE);
    let client = as_intercom_says();
    let occasion = Occasion {
        at: at(0),
        page: &page,
        client: &client,
    };
    let alone = best(&occasion, &[candidate("s1")], 1);
    assert!(alone.is_some(), "the only session of a small site");
}

#[test]
fn too_many_candidates_are_none() {
    let crowd = |size: usize| {
        let mut crowd: Vec<_> = (1..size).map(|n| candidate(&format!("o{n}"))).collect();
        for other in &mut crowd {
            other.client.os = Some("Windows".to_owned());
        }
        crowd.push(candidate("s1"));
        matched(&as_intercom_says(), &crowd).is_some()
    };
    assert!(crowd(MOST_CANDIDATES));
    assert!(!crowd(MOST_CANDIDATES + 1));
}

fn any_client() -> impl Strategy<Value = ClientDetails> {
    let known =
        |names: &'static [&'static str]| prop::sample::select(names).prop_map(str::to_owned);
    (
        prop::option::of(known(&["Chrome", "safari", "Firefox", "?"])),
        prop::option::of(known(&["156", "155.1", "19"])),
        prop::option::of(known(&["macOS", "Mac OS X", "windows"])),
        prop::option::of(known(&["en", "en-US", "de"])),
    )
        .prop_map(|(browser, browser_version, os, language)| ClientDetails {
            browser,
            browser_version,
            os,
            language,
        })
}

fn any_candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let visit = (
        prop::bool::ANY,
        -600..60_i64,
        prop::option::of(-600..60_i64),
    )
        .prop_map(|(there, from, until)| Visit {
            page: page(if there {
                PAGE
            } else {
                "https://shop.example/cart"
            }),
            from: at(from),
            until: until.map(at),
        });
    let candidate = (
        prop::collection::vec(visit, 0..4),
        -600..60_i64,
        any_client(),
    );
    prop::collection::vec(candidate, 0..6).prop_map(|candidates| {
        candidates
            .into_iter()
            .enumerate()
            .map(|(n, (visits, last_active, client))| Candidate {
                session: SessionId::parse(&format!("s{n}")).unwrap(),
                visits,
                last_active_at: at(last_active),
                client,
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_candidates_does_not_matter(
        (candidates, shuffled) in any_candidates().prop_flat_map(|candidates| {
            (Just(candidates.clone()), Just(candidates).prop_shuffle())
        }),
        client in any_client(),
    ) {
        prop_assert_eq!(matched(&client, &candidates), matched(&client, &shuffled));
    }

    #[test]
    fn beside_its_equal_the_best_is_no_match(mut candidates in any_candidates(), client in any_client()) {
        candidates.push(candidate("here"));
        if let Some(found) = matched(&client, &candidates) {
            let best = candidates.iter().find(|candidate| candidate.session == found.session);
            let mut equal = best.cloned().unwrap();
            equal.session = SessionId::parse("equal").unwrap();
            candidates.push(equal);
            prop_assert_eq!(matched(&client, &candidates), None);
        }
    }

    #[test]
    fn nothing_is_certain(mut candidates in any_candidates(), client in any_client()) {
        candidates.push(candidate("here"));
        if let Some(found) = matched(&client, &candidates) {
            prop_assert!((LEAST_CONFIDENCE..=95).contains(&found.confidence));
        }
    }
}
