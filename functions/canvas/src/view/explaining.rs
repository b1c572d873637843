//! Which moments of a session explain that somebody writes.

use jiff::SignedDuration;
use replay::{Moment, MomentKind, Summary};

/// What is longer ago explains less than what is in sight.
const EXPLAINING: SignedDuration = SignedDuration::from_mins(30);

/// A moment and when it happened last before somebody wrote, milliseconds from the session's start.
pub(super) type Explaining<'a> = (u64, &'a Moment);

/// At most so many moments up to `until_ms`, in order of time: the last trouble, then the worst of the last
/// half hour, and what the visitor did last where less went wrong.
pub(super) fn explaining(summary: &Summary, until_ms: u64, most: usize) -> Vec<Explaining<'_>> {
    let mut told = latest_of_each(summary, until_ms);
    told.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let window = u64::try_from(EXPLAINING.as_millis()).unwrap_or(u64::MAX);
    let since = until_ms.saturating_sub(window);
    let (mut trouble, routine): (Vec<_>, Vec<_>) = told
        .into_iter()
        .filter(|(at, moment)| *at >= since || goes_on(moment, until_ms))
        .partition(|(_, moment)| moment.kind.is_trouble());
    // What went wrong last led to the conversation more surely than what went wrong worse.
    if let Some((_, others)) = trouble.split_first_mut() {
        others.sort_by_key(|(at, moment)| (moment.kind.severity(), std::cmp::Reverse(*at)));
    }
    let mut chosen: Vec<_> = trouble.into_iter().chain(routine).take(most).collect();
    chosen.sort_by_key(|(at, moment)| (*at, moment.kind.severity()));
    chosen
}

/// What the moments up to `until_ms` say, each thing once: when it happened last.
fn latest_of_each(summary: &Summary, until_ms: u64) -> Vec<Explaining<'_>> {
    let mut told: Vec<Explaining<'_>> = Vec::new();
    for moment in &summary.timeline {
        if moment.at_ms > until_ms || !is_key(moment.kind) || is_dead_rage(moment, summary) {
            continue;
        }
        let last = moment.last_at_ms.filter(|last| *last <= until_ms);
        let at = last.unwrap_or(moment.at_ms);
        let same = |(_, other): &&mut Explaining<'_>| {
            other.kind == moment.kind && other.label == moment.label
        };
        match told.iter_mut().find(same) {
            Some(known) if known.0 <= at => *known = (at, moment),
            Some(_) => {}
            None => told.push((at, moment)),
        }
    }
    told
}

/// Whether what is told in one row went on when somebody wrote.
fn goes_on(moment: &Moment, until_ms: u64) -> bool {
    moment.last_at_ms.is_some_and(|last| last > until_ms)
}

/// Whether a moment tells why somebody might have written.
fn is_key(kind: MomentKind) -> bool {
    !matches!(kind, MomentKind::Resize | MomentKind::Idle)
}

/// Whether a dead click is told already: as the rage click that the same clicks make.
fn is_dead_rage(moment: &Moment, summary: &Summary) -> bool {
    let is_rage = |other: &Moment| {
        other.kind == MomentKind::RageClick
            && other.at_ms == moment.at_ms
            && other.control() == moment.control()
    };
    moment.kind == MomentKind::DeadClick && summary.timeline.iter().any(is_rage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::testing::{happened, row};

    const MINUTE: u64 = 60_000;

    fn summary(timeline: Vec<Moment>) -> Summary {
        Summary {
            timeline,
            ..row("s1", "2026-11-20T10:15:02Z").summary
        }
    }

    fn told(timeline: Vec<Moment>, until_ms: u64) -> Vec<String> {
        let summary = summary(timeline);
        explaining(&summary, until_ms, 3)
            .into_iter()
            .map(|(at, moment)| format!("{} {}", at / MINUTE, moment.label))
            .collect()
    }

    #[test]
    fn rage_two_minutes_ago_is_told_before_the_pages_since() {
        use MomentKind::{ConsoleError, FailedRequest, Page, RageClick};
        let timeline = vec![
            happened(0, Page, "/"),
            happened(MINUTE, RageClick, "rage"),
            happened(2 * MINUTE, FailedRequest, "stock"),
            happened(2 * MINUTE, ConsoleError, "logged"),
            happened(3 * MINUTE, Page, "/index"),
            happened(3 * MINUTE + 1, Page, "/product"),
        ];
        let expected = ["1 rage", "2 stock", "2 logged"];
        assert_eq!(told(timeline, 4 * MINUTE), expected);
    }

    #[test]
    fn what_went_wrong_last_is_told_however_bad_the_rest_was() {
        use MomentKind::{ConsoleError, RageClick};
        let mut timeline: Vec<_> = (0..5)
            .map(|n| happened(n * MINUTE, RageClick, &format!("rage {n}")))
            .collect();
        timeline.push(happened(9 * MINUTE, ConsoleError, "last"));
        let expected = ["3 rage 3", "4 rage 4", "9 last"];
        assert_eq!(told(timeline, 10 * MINUTE), expected);
    }

    #[test]
    fn what_is_repeated_is_told_once_at_its_last_time_and_nothing_of_what_comes_later() {
        use MomentKind::{JsError, RageClick};
        let merged = Moment {
            last_at_ms: Some(8 * MINUTE),
            count: 7,
            ..happened(MINUTE, JsError, "again")
        };
        let beyond = Moment {
            last_at_ms: Some(40 * MINUTE),
            ..happened(2 * MINUTE, JsError, "goes on")
        };
        let timeline = vec![
            merged,
            beyond,
            happened(3 * MINUTE, RageClick, "rage"),
            happened(5 * MINUTE, RageClick, "rage"),
            happened(11 * MINUTE, RageClick, "later"),
        ];
        let expected = ["2 goes on", "5 rage", "8 again"];
        assert_eq!(told(timeline, 10 * MINUTE), expected);
    }

    #[test]
    fn what_began_an_hour_ago_and_goes_on_is_told() {
        let on_and_on = Moment {
            last_at_ms: Some(80 * MINUTE),
            ..happened(0, MomentKind::ConsoleError, "on and on")
        };
        let timeline = vec![on_and_on, happened(50 * MINUTE, MomentKind::Page, "/cart")];
        assert_eq!(told(timeline, 60 * MINUTE), ["0 on and on", "50 /cart"]);
    }

    #[test]
    fn what_is_longer_ago_than_half_an_hour_explains_nothing() {
        use MomentKind::{Idle, Input, Page, RageClick};
        let timeline = vec![
            happened(0, RageClick, "rage"),
            happened(MINUTE, Idle, "Idle for 2000 s"),
            happened(35 * MINUTE, Page, "/cart"),
            happened(36 * MINUTE, Input, "Edited name"),
        ];
        assert_eq!(
            told(timeline, 40 * MINUTE),
            ["35 /cart", "36 Edited name"],
            "routine where nothing went wrong"
        );
    }
}
