use proptest::prelude::*;

use super::*;
use crate::problems::problems;

/// What may happen in a visit of this many minutes, in order.
fn moments(most: usize) -> impl Strategy<Value = Vec<Moment>> {
    let kinds = prop::sample::select(vec![
        MomentKind::Page,
        MomentKind::RageClick,
        MomentKind::DeadClick,
        MomentKind::JsError,
        MomentKind::ConsoleError,
        MomentKind::FailedRequest,
        MomentKind::Input,
        MomentKind::Idle,
    ]);
    // Few labels: what repeats is what crowds out.
    let moment = (0u64..5_400_000, kinds, 0u8..40).prop_map(|(at_ms, kind, label)| {
        let label = format!("what happened {label}");
        Moment {
            at_ms,
            kind,
            count: 1,
            last_at_ms: None,
            fingerprint: kind.is_trouble().then(|| Fingerprint::of(kind, &[&label])),
            label,
        }
    });
    prop::collection::vec(moment, 0..most).prop_map(|mut moments| {
        moments.sort_by_key(|moment| (moment.at_ms, moment.kind));
        moments
    })
}

fn covers(row: &Moment, moment: &Moment) -> bool {
    row.kind == moment.kind
        && row.label == moment.label
        && row.at_ms <= moment.at_ms
        && moment.at_ms <= end(row)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn rows_tell_every_moment_and_a_short_visit_is_told_whole(moments in moments(120)) {
        let rows = rows(moments.clone());
        for moment in &moments {
            prop_assert!(rows.iter().any(|row| covers(row, moment)), "{moment:?}");
        }
        prop_assert_eq!(rows.iter().map(|row| row.count).sum::<u64>(), moments.len() as u64);
        for row in &rows {
            prop_assert!(end(row) - row.at_ms <= LONGEST_RUN_MS);
        }
        prop_assert_eq!(problems(&rows), problems(&moments));
        prop_assert_eq!(chosen(rows.clone()), rows);
    }

    #[test]
    fn of_a_long_visit_the_worst_of_every_stretch_is_told(moments in moments(700)) {
        let rows = rows(moments);
        let chosen = chosen(rows.clone());
        prop_assert!(chosen.len() <= MAX_TIMELINE);
        prop_assert!(chosen.is_sorted_by_key(|row| row.at_ms));
        // What is told for other reasons leaves room for 76 stretches, and 90 minutes have 45 of two.
        for stretch in rows.chunk_by(|one, next| one.at_ms / 120_000 == next.at_ms / 120_000) {
            let worst = stretch.iter().map(|row| row.kind.severity()).min();
            let stretch = stretch[0].at_ms / 120_000;
            let told = chosen.iter().filter(|row| row.at_ms / 120_000 == stretch);
            prop_assert_eq!(told.map(|row| row.kind.severity()).min(), worst, "stretch {}", stretch);
        }
    }

    #[test]
    fn pages_problems_each_time_of_them_and_the_end_are_told(moments in moments(700)) {
        let rows = rows(moments);
        let chosen = chosen(rows.clone());
        for last in rows.iter().rev().take(NEWEST_ROWS) {
            prop_assert!(chosen.iter().any(|row| covers(row, last)), "{last:?}");
        }
        let mut pages: Vec<&str> = rows
            .iter()
            .filter(|row| row.kind == MomentKind::Page)
            .map(|row| row.label.as_str())
            .collect();
        pages.sort_unstable();
        pages.dedup();
        let told = chosen.iter().filter(|row| row.kind == MomentKind::Page);
        prop_assert!(told.count() >= pages.len().min(PAGE_ROWS));
        let mut problems: Vec<&Moment> = rows.iter().filter(|row| row.fingerprint.is_some()).collect();
        problems.sort_by_key(|row| (row.kind.severity(), row.at_ms));
        let mut distinct = hashbrown::HashSet::new();
        problems.retain(|row| distinct.insert(row.fingerprint));
        for problem in problems.into_iter().take(MAX_PROBLEMS) {
            let equal = |row: &&Moment| row.fingerprint == problem.fingerprint;
            let count = |rows: &[Moment]| rows.iter().filter(equal).map(|row| row.count).sum::<u64>();
            prop_assert!(count(&chosen) > 0 && count(&chosen) == count(&rows), "{problem:?}");
        }
    }
}
