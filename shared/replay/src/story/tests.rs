use proptest::prelude::*;

use super::*;
use crate::moment::MomentKind::{
    self, ConsoleError, DeadClick, ErrorClick, FailedRequest, Idle, Input, JsError, RageClick,
    RefusedPress, Resize, SlowClick,
};

fn moment(at_ms: u64, kind: MomentKind, label: &str, count: u64) -> Moment {
    Moment {
        at_ms,
        kind,
        label: label.to_owned(),
        count,
        last_at_ms: None,
        fingerprint: None,
    }
}

fn page(url: &str) -> Page {
    Page {
        url: url.to_owned(),
        at_ms: 0,
        dwell_ms: 0,
    }
}

fn told(moments: &[Moment], pages: &[&str], duration_ms: u64, active_ms: u64) -> String {
    let pages: Vec<Page> = pages.iter().map(|url| page(url)).collect();
    story(Visit {
        moments,
        pages: &pages,
        duration_ms,
        active_ms,
    })
}

#[test]
fn what_went_wrong_is_told_in_its_order() {
    let rage = moment(5_000, RageClick, "Rage click on \"Add to wishlist\"", 5);
    let dead = moment(5_000, DeadClick, "Dead click on \"Add to wishlist\"", 5);
    let threw = moment(
        9_000,
        JsError,
        "TypeError: coupon.apply is not a function",
        1,
    );
    let after = moment(8_900, ErrorClick, "Error after a click on \"Apply\"", 1);
    let failed = moment(
        2_000,
        FailedRequest,
        "POST https://shop.example/api/stock: 503",
        1,
    );
    for (moments, expected) in [
        (
            vec![&rage, &dead, &threw],
            "Clicked \"Add to wishlist\" 5 times and nothing happened; then a script failed: coupon.apply is not a function.",
        ),
        (vec![&rage], "Clicked \"Add to wishlist\" 5 times in a row."),
        (
            vec![&failed, &rage],
            "POST /api/stock failed with 503; then clicked \"Add to wishlist\" 5 times in a row.",
        ),
        (
            vec![&after, &threw],
            "Clicked \"Apply\" and a script failed: coupon.apply is not a function.",
        ),
        (
            vec![&moment(1, DeadClick, "Dead click on button", 1)],
            "Clicked a button and nothing happened.",
        ),
        (
            vec![&moment(
                1,
                SlowClick,
                "Slow click on \"Pay: now\": 4.2 s",
                1,
            )],
            "Waited 4.2 s after a click on \"Pay: now\".",
        ),
        (
            vec![&moment(
                1,
                RefusedPress,
                "Pressed \"Save\", which is switched off",
                4,
            )],
            "Pressed \"Save\" 4 times, which is switched off.",
        ),
        (
            vec![&moment(
                1,
                FailedRequest,
                "https://shop.example/a: no answer",
                2,
            )],
            "A request to /a got no answer twice.",
        ),
        (
            vec![&moment(1, ConsoleError, "Stock check failed 404.", 1)],
            "The page logged an error: Stock check failed 404.",
        ),
    ] {
        let moments: Vec<Moment> = moments.into_iter().cloned().collect();
        assert_eq!(told(&moments, &[], 10_000, 10_000), expected);
    }
}

#[test]
fn where_there_is_no_room_the_worst_is_told_and_how_much_more_there_was() {
    let long = "x".repeat(150);
    let moments = [
        moment(1, ConsoleError, "First", 1),
        moment(
            2,
            FailedRequest,
            &format!("GET https://a.example/{long}: 500"),
            3,
        ),
        moment(3, JsError, &long, 1),
        moment(4, RageClick, "Rage click on \"Buy\"", 4),
        moment(5, ConsoleError, "Second", 1),
    ];
    assert_eq!(
        told(&moments, &[], 10_000, 10_000),
        "A request failed 3 times with 500; then a script failed; then clicked \"Buy\" 4 times in a row; and 2 more problems."
    );
}

#[test]
fn of_a_visit_in_which_nothing_went_wrong_it_is_told_what_it_was_about() {
    let (home, cart) = ("https://shop.example/", "https://shop.example/cart");
    let input = [moment(1, Input, "Filled in \"Name\"", 3)];
    for (moments, pages, duration_ms, active_ms, expected) in [
        (
            &[][..],
            &[home, cart, home, cart][..],
            190_000,
            150_000,
            "Looked at 4 pages for 3 minutes, last /cart.",
        ),
        (&[], &[home], 41_000, 41_000, "Looked at / for 41 seconds."),
        (&[], &[], 0, 0, "Looked around for a moment."),
        (&[], &[home], 1_000, 1_000, "Looked at / for 1 second."),
        (
            &[],
            &[home],
            50_000,
            0,
            "Looked at / for 50 seconds without doing anything.",
        ),
        (
            &[],
            &[home, cart],
            10_900_000,
            130_000,
            "Looked at 2 pages in 3 hours, active for 2 minutes, last /cart.",
        ),
        (
            &input,
            &[home, cart],
            190_000,
            150_000,
            "Looked at 2 pages for 3 minutes, last /cart; filled in 3 fields.",
        ),
    ] {
        assert_eq!(told(moments, pages, duration_ms, active_ms), expected);
    }
    let long = format!("https://shop.example/{}", "x".repeat(200));
    assert_eq!(
        told(&[], &[&long], 5_000, 5_000),
        "Looked at one page for 5 seconds."
    );
    assert_eq!(
        told(&[], &[home, &long], 5_000, 5_000),
        "Looked at 2 pages for 5 seconds."
    );
}

fn any_moment() -> impl Strategy<Value = Moment> {
    let kinds = prop::sample::select(vec![
        MomentKind::Page,
        RageClick,
        DeadClick,
        SlowClick,
        ErrorClick,
        RefusedPress,
        JsError,
        ConsoleError,
        FailedRequest,
        Input,
        Resize,
        Idle,
    ]);
    let words = prop_oneof![".{0,60}", "\\PC{0,60}", Just("button".to_owned())];
    (0u64..100_000, kinds, words, 1u64..2_000).prop_map(|(at, kind, words, count)| {
        let label = match kind {
            RageClick => format!("Rage click on \"{words}\""),
            DeadClick => format!("Dead click on \"{words}\""),
            SlowClick => format!("Slow click on \"{words}\": 3.5 s"),
            ErrorClick => format!("Error after a click on \"{words}\""),
            RefusedPress => format!("Pressed \"{words}\", which is switched off"),
            FailedRequest => format!("GET https://a.example/{}: 500", words.repeat(3)),
            JsError | ConsoleError => words.repeat(2),
            _ => words,
        };
        moment(at, kind, &label, count)
    })
}

proptest! {
    #[test]
    fn it_is_one_line_of_bounded_length_that_ends_as_a_sentence_does(
        moments in prop::collection::vec(any_moment(), 0..12),
        pages in prop::collection::vec("https://a\\.example/[a-z/]{0,300}", 0..4),
        duration in any::<u32>(),
    ) {
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let story = told(&moments, &pages, duration.into(), u64::from(duration) / 3);
        prop_assert!(story.chars().count() <= MAX_STORY_CHARS, "{story}");
        prop_assert!(story.ends_with('.') && !story.starts_with(';'), "{story}");
        prop_assert!(!story.chars().any(char::is_control), "{story}");
    }
}
