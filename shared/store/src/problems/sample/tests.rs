//! That a sample counts, whatever order it is told in.

use proptest::prelude::*;

use super::*;

/// Marks as good as random ones, of a small number.
fn mark(number: u32) -> Mark {
    let person = PersonId::parse(&format!("p_{number}")).unwrap();
    Mark::of(&person)
}

fn sample(pairs: impl IntoIterator<Item = (u32, u32)>) -> Sample {
    let mut sample = Sample::default();
    for (person, session) in pairs {
        sample.add(mark(person), mark(1_000_000 + session));
    }
    sample
}

fn read_back(sample: &Sample) -> Sample {
    Sample::from_bytes(&sample.to_bytes()).unwrap()
}

#[test]
fn a_hundred_people_are_counted_and_more_are_estimated() {
    for people in [0, 1, 2, 99, 100] {
        let tally = sample((0..people).map(|number| (number, number))).tally();
        let number = u64::from(people);
        assert_eq!(
            (tally.people, tally.sessions, tally.are_sessions_exact),
            (number, number, true)
        );
    }
    for people in [101_u32, 1_000, 4_000] {
        let mut errors = [0_u32, 1, 2, 3, 4].map(|crowd| {
            let from = crowd * 10_000;
            let tally = sample((from..from + people).map(|number| (number, number))).tally();
            assert!(!tally.is_exact && !tally.are_sessions_exact, "{people}");
            100 * tally.people.abs_diff(people.into()) / u64::from(people)
        });
        errors.sort_unstable();
        assert!(errors[2] <= 25 && errors[4] <= 60, "{people}: {errors:?} %");
    }
}

#[test]
fn nobody_alone_fills_it_and_it_never_grows_beyond_two_kilobytes() {
    let one = sample((0..500).map(|session| (1, session))).tally();
    assert_eq!((one.people, one.sessions), (1, 8));
    assert!(one.is_exact && !one.are_sessions_exact);
    let crowd = sample((0..6_000).map(|number| (number % 600, number)));
    assert!(crowd.to_bytes().len() < 2_048);
    assert_eq!(read_back(&crowd), crowd);
}

#[test]
fn a_session_that_is_identified_counts_as_one_person() {
    let mut sample = sample([(1, 10), (1, 11), (2, 20)]);
    sample.add(mark(3), mark(1_000_010));
    assert_eq!(sample.tally().people, 3);
    sample.add(mark(3), mark(1_000_011));
    assert_eq!(sample.tally().people, 2);
    assert_eq!(sample.tally().sessions, 3);
}

#[test]
fn others_are_all_but_these() {
    let sample = sample([(1, 10), (2, 20), (2, 21), (3, 30)]);
    let others = |people: &[u32], sessions: &[u32]| {
        let people = people.iter().map(|number| mark(*number)).collect();
        let sessions = sessions.iter().map(|number| mark(1_000_000 + number));
        let tally = sample.others(&people, &sessions.collect());
        (tally.people, tally.sessions)
    };
    assert_eq!(others(&[], &[]), (3, 4));
    assert_eq!(others(&[2], &[]), (2, 2));
    assert_eq!(others(&[1], &[21]), (1, 1));
    assert_eq!(others(&[1, 2, 3, 4], &[]), (0, 0));
}

#[test]
fn what_is_no_sample_is_refused() {
    for bytes in [
        &[][..],
        &[41],
        &[0, 1],
        &[0, 1, 2, 3, 4, 5, 6, 2, 1, 1, 1, 1, 1, 1],
    ] {
        assert_eq!(Sample::from_bytes(bytes), None, "{bytes:?}");
    }
}

proptest! {
    /// Each session has one person, as in life.
    #[test]
    fn order_repetition_and_parts_do_not_matter(
        sessions in proptest::collection::vec(0_u32..600, 0..700),
        cut in 0_usize..700,
    ) {
        let pairs = |sessions: &[u32]| sessions.iter().map(|session| (session / 2, *session)).collect::<Vec<_>>();
        let forwards = pairs(&sessions);
        let all = sample(forwards.clone());
        prop_assert_eq!(&sample(forwards.iter().rev().copied()), &all);
        prop_assert_eq!(&sample(forwards.iter().chain(&forwards).copied()), &all);
        let (left, right) = sessions.split_at(cut.min(sessions.len()));
        let mut joined = sample(pairs(left));
        joined.join(&sample(pairs(right)));
        prop_assert_eq!(&joined, &all);
        prop_assert_eq!(&read_back(&all), &all);
    }
}
