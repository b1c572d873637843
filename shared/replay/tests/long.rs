//! Long and noisy visits: the summary tells every minute of them, and the whole timeline all that happened.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

use std::collections::HashSet;

use replay::definitions::{MAX_PROBLEMS, MAX_STORY_CHARS, MAX_TIMELINE, PAGE_ROWS};
use replay::{Analyzer, Moment, MomentKind, Summary, Timeline};
use visits::Visit;

fn visits() -> Vec<(&'static str, Visit)> {
    vec![
        ("trouble", visits::trouble_every(75, 75 * 60)),
        ("more trouble", visits::trouble_every(20, 75 * 60)),
        ("three hours of it", visits::trouble_every(45, 180 * 60)),
        ("differing errors", visits::differing_errors(300)),
        ("idle", visits::idle_in_the_middle(3)),
        ("repetition", visits::one_error_again_and_again(6, 75)),
    ]
}

fn summary(visit: &Visit) -> Summary {
    replay::summarize(&visit.payload()).unwrap().unwrap()
}

fn whole(visit: &Visit) -> Timeline {
    let mut analyzer = Analyzer::default();
    analyzer.push_chunk(&visit.payload()).unwrap();
    analyzer.timeline()
}

/// Whether the row tells of something between these times.
fn is_within(row: &Moment, from: u64, until: u64) -> bool {
    row.at_ms < until && row.last_at_ms.unwrap_or(row.at_ms) >= from
}

fn is_trouble(row: &Moment) -> bool {
    !matches!(
        row.kind,
        MomentKind::Page | MomentKind::Input | MomentKind::Idle | MomentKind::Resize
    )
}

#[test]
fn every_minute_with_trouble_has_a_row_that_says_so() {
    for (name, visit) in visits() {
        let rows = summary(&visit).timeline;
        assert!(rows.len() <= MAX_TIMELINE, "{name}: {} rows", rows.len());
        let minutes = visit.trouble_ms().into_iter().map(|at| at / 60_000);
        // Three hours of trouble have more minutes than there are rows: then it is two of them.
        let length = if name.starts_with("three") { 2 } else { 1 };
        for minute in minutes {
            let from = minute / length * length * 60_000;
            let until = from + length * 60_000;
            let told = rows.iter().filter(|row| is_within(row, from, until));
            assert!(told.clone().any(is_trouble), "{name}: minute {minute}");
        }
    }
}

#[test]
fn all_that_happened_is_in_the_whole_timeline() {
    for (name, visit) in visits() {
        let whole = whole(&visit);
        assert!(whole.is_complete, "{name}");
        let mut rows = whole.moments.iter().peekable();
        for at in visit.trouble_ms() {
            let is_there = |row: &&Moment| is_trouble(row) && is_within(row, at, at + 1_000);
            assert!(rows.clone().any(|row| is_there(&row)), "{name}: at {at}");
            while rows.next_if(|row| row.at_ms + 20_000 < at).is_some() {}
        }
        let in_order = whole.moments.is_sorted_by_key(|row| row.at_ms);
        assert!(in_order, "{name}");
    }
}

#[test]
fn repetitions_crowd_nothing_out() {
    let noisy = summary(&visits::differing_errors(300));
    let kinds = |summary: &Summary, kind| {
        let rows = summary.timeline.iter().filter(move |row| row.kind == kind);
        rows.count()
    };
    assert_eq!(kinds(&noisy, MomentKind::JsError), 1);
    assert_eq!(kinds(&noisy, MomentKind::Page), 2);
    assert!(noisy.timeline_total > 300);
    assert_eq!(noisy.problems.len(), MAX_PROBLEMS);
    assert_eq!(noisy.problems[0].kind, MomentKind::JsError);

    let repeated = summary(&visits::one_error_again_and_again(6, 75));
    assert_eq!(kinds(&repeated, MomentKind::RageClick), 1);
    // One row for five minutes of the same, not one for each time.
    assert!(repeated.timeline.len() < 25, "{}", repeated.timeline.len());
    let logged = repeated
        .problems
        .iter()
        .find(|problem| problem.kind == MomentKind::ConsoleError);
    assert_eq!(logged.map(|problem| problem.count), Some(450));
}

#[test]
fn what_was_last_and_where_it_was_is_told() {
    for (name, visit) in visits() {
        let (summary, whole) = (summary(&visit), whole(&visit));
        let last = whole.moments.last().unwrap();
        let told =
            |row: &Moment| is_within(row, last.at_ms, last.at_ms + 1) && row.label == last.label;
        assert!(summary.timeline.iter().any(told), "{name}: {last:?}");
        let pages = whole
            .moments
            .iter()
            .filter(|row| row.kind == MomentKind::Page);
        let distinct: HashSet<&str> = pages.clone().map(|page| page.label.as_str()).collect();
        // Of too many different pages the first is told, and some of those after it.
        let told_for_sure = if distinct.len() > PAGE_ROWS {
            1
        } else {
            distinct.len()
        };
        let told = |page: &str| summary.timeline.iter().any(|row| row.label == page);
        for page in pages.take(told_for_sure) {
            assert!(told(&page.label), "{name}: {page:?}");
        }
    }
}

#[test]
fn a_long_visit_has_a_story_that_is_one_short_sentence() {
    for (name, visit) in visits() {
        let story = summary(&visit).story;
        assert!(story.chars().count() <= MAX_STORY_CHARS, "{name}: {story}");
        assert!(story.ends_with('.'), "{name}: {story}");
    }
}

#[test]
fn in_chunks_a_long_visit_has_the_same_summary_and_timeline() {
    for (name, visit) in visits() {
        let mut analyzer = Analyzer::default();
        let mut summaries = Vec::new();
        for chunk in visit.chunks(150_000) {
            analyzer.push_chunk(&chunk).unwrap();
            analyzer = Analyzer::from_state(&analyzer.to_state()).unwrap();
            summaries.extend(analyzer.summary());
        }
        let chunks = summaries.len() as u64;
        let expected = Summary {
            chunks,
            ..summary(&visit)
        };
        assert_eq!(summaries.last(), Some(&expected), "{name}");
        assert_eq!(analyzer.timeline(), whole(&visit), "{name}");
        // While it is live, each summary tells of its last minute.
        for live in summaries {
            let end = |row: &Moment| row.last_at_ms.unwrap_or(row.at_ms);
            let last = live.timeline.iter().max_by_key(|row| end(row)).unwrap();
            let is_idle = last.kind == MomentKind::Idle;
            assert!(
                live.duration_ms - end(last) <= 160_000 || is_idle,
                "{name}: {last:?}"
            );
        }
    }
}
