//! Which time counts as somebody's.

use super::*;

#[test]
fn only_short_gaps_are_active_and_long_ones_are_told() {
    let mut activity = Activity::default();
    for at in [0, 4_000, 14_000, 24_001, 60_000] {
        activity.user_event(at);
    }
    let expected = Activities {
        active_ms: 14_000,
        pauses: vec![(24_001, 35_999)],
    };
    assert_eq!(activity.summarize(&[], 60_000), expected);
    let with_scrolls = activity.summarize(&[(30_000, 31_000)], 60_000);
    assert_eq!(with_scrolls.active_ms, 14_000 + 6_999);
}

#[test]
fn a_field_that_keeps_time_is_nobodys_work() {
    let mut activity = Activity::default();
    activity.user_event(0);
    for second in 1..600 {
        activity.perhaps(second * 1_000, 6);
    }
    assert_eq!(activity.summarize(&[], 60_000).active_ms, 0);
    for at in [601_000, 601_090, 601_300] {
        activity.perhaps(at, 7);
    }
    assert_eq!(activity.summarize(&[], 60_000).active_ms, 300);
}

fn scrolled(gestures: &[(i64, NodeId, f32)]) -> u64 {
    let mut scrolls = Scrolls::default();
    for (at, id, y) in gestures {
        scrolls.scroll(*at, *id, false, (0.0, *y));
    }
    scrolls.by_hand().1
}

#[test]
fn a_gesture_ends_with_a_pause_a_turn_or_another_element() {
    let mut made = Vec::new();
    for (at, id, y, gestures) in [
        (0, 1, 0.0, 1),
        (100, 1, 200.0, 1),
        (1_100, 1, 300.0, 1),
        (2_101, 1, 400.0, 2),
        (2_701, 1, 300.0, 3),
        (2_901, 1, 320.0, 3),
        (3_501, 2, 0.0, 4),
    ] {
        made.push((at, id, y));
        assert_eq!(scrolled(&made), gestures, "at {at}");
    }
}

#[test]
fn what_scrolls_by_itself_is_no_gesture() {
    let ticker: Vec<_> = (0..8).map(|turn| (turn * 3_000, 5, turn as f32)).collect();
    assert_eq!(scrolled(&ticker), 0);
    let mut scrolls = Scrolls::default();
    scrolls.clicked(0);
    scrolls.scroll(120, 1, true, (0.0, 0.0));
    assert_eq!(scrolls.by_hand().1, 0, "back to top");
    scrolls.hands_are_told = true;
    scrolls.scroll(9_000, 1, true, (0.0, 50.0));
    assert_eq!(scrolls.by_hand().1, 0, "no hand was told");
    scrolls.hand(19_900);
    scrolls.scroll(20_000, 1, true, (0.0, 90.0));
    assert_eq!(scrolls.by_hand().1, 1);
}
