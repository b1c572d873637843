//! Which problems most people had.

use jiff::SignedDuration;
use jiff::civil::date;
use replay::{MomentKind, Problem};
use store::{Days, ProblemList, ProblemQuery};

use crate::fixture::id;
use crate::problems::world::{World, exactly, fingerprint, problem};

impl World {
    async fn list(&self, days: usize, change: impl Fn(&mut ProblemQuery)) -> ProblemList {
        let mut query = ProblemQuery {
            days: Days::until(self.fixture.now, days),
            kind: None,
            only_new: false,
            skip: 0,
            limit: 20,
        };
        change(&mut query);
        let problems = self.fixture.store.of(&self.organization).problems();
        problems.list(query, self.fixture.now).await.unwrap()
    }

    /// So many people have each of these problems today.
    async fn have(&self, name: &str, problems: &[(Problem, usize)]) {
        let most = problems.iter().map(|(_, people)| *people).max().unwrap();
        for person in 0..most {
            let theirs = problems.iter().filter(|(_, people)| person < *people);
            let theirs: Vec<Problem> = theirs.map(|(problem, _)| problem.clone()).collect();
            self.run(&format!("{name}-{person}"), &theirs).await;
        }
    }
}

fn numbers(list: &ProblemList) -> Vec<u64> {
    let numbers = list.problems.iter();
    let number = |text: String| u64::from_str_radix(&text, 16).unwrap();
    numbers
        .map(|problem| number(problem.fingerprint.to_string()))
        .collect()
}

#[tokio::test]
async fn those_that_most_people_had_come_first_page_by_page_and_by_kind() {
    let world = World::start().await;
    let rage = Problem {
        kind: MomentKind::RageClick,
        ..problem(3)
    };
    world
        .have(
            "s",
            &[(problem(1), 1), (problem(2), 9), (rage, 4), (problem(4), 2)],
        )
        .await;
    let all = world.list(7, |_| {}).await;
    assert_eq!(numbers(&all), [2, 3, 4, 1]);
    assert!(!all.has_more);
    let first = world.list(7, |query| query.limit = 3).await;
    assert_eq!((numbers(&first), first.has_more), (vec![2, 3, 4], true));
    let rest = world.list(7, |query| query.skip = 3).await;
    assert_eq!((numbers(&rest), rest.has_more), (vec![1], false));
    for (kind, expected) in [
        (MomentKind::RageClick, vec![3]),
        (MomentKind::JsError, vec![2, 4, 1]),
        (MomentKind::DeadClick, vec![]),
    ] {
        let list = world.list(7, |query| query.kind = Some(kind)).await;
        assert_eq!(numbers(&list), expected, "{kind:?}");
    }
}

#[tokio::test]
async fn days_are_joined_and_it_is_known_since_when_it_is_there() {
    let mut world = World::start().await;
    world.have("first", &[(problem(1), 3)]).await;
    let began = world.found(1).await.unwrap().first_seen;
    world.fixture.now += SignedDuration::from_hours(48);
    world
        .have("second", &[(problem(1), 2), (problem(2), 1)])
        .await;
    let found = world.found(1).await.unwrap();
    assert_eq!(found.total, exactly(5, 5));
    assert_eq!(
        found.days,
        [
            (date(2026, 11, 20), exactly(3, 3)),
            (date(2026, 11, 22), exactly(2, 2))
        ]
    );
    assert_eq!(
        found.examples[0].session,
        id("second-0"),
        "the latest day first"
    );
    let today = world.list(1, |_| {}).await;
    assert_eq!(numbers(&today), [1, 2]);
    let [old, new] = &today.problems[..] else {
        panic!()
    };
    assert_eq!((old.known_since, old.total), (began, exactly(2, 2)));
    assert_eq!(new.known_since, new.first_seen);
    assert_eq!(new.fingerprint, fingerprint(2));
}

#[tokio::test]
async fn only_names_are_read_of_more_than_a_page() {
    let world = World::start().await;
    let crowd: Vec<(Problem, usize)> = (1..=10).map(|number| (problem(number), 4)).collect();
    world.have("s", &crowd).await;
    let read = async || {
        world.fixture.calls.take_usage();
        let list = world.list(7, |query| query.limit = 10).await;
        assert_eq!(list.problems.len(), 10);
        world.fixture.calls.take_usage()
    };
    let few = read().await;
    for hundred in 0..6 {
        let rare = (100 + 20 * hundred..120 + 20 * hundred).map(problem);
        world
            .run(&format!("rare-{hundred}"), &rare.collect::<Vec<_>>())
            .await;
    }
    let many = read().await;
    assert_eq!(many.calls, few.calls);
    // A hundred and twenty names fit into twenty kilobytes.
    let more = many.read_units - few.read_units;
    assert!((0.0..=3.0).contains(&more), "{more} read units more");
}

#[tokio::test]
async fn pages_fit_together_whatever_their_length() {
    let mut world = World::start().await;
    let had = |numbers: [u64; 6], people: usize| {
        let problems = numbers.into_iter().enumerate();
        let had = problems.map(move |(index, number)| (problem(number), people + index));
        had.collect::<Vec<_>>()
    };
    world.have("first", &had([1, 2, 3, 4, 5, 6], 1)).await;
    world.fixture.now += SignedDuration::from_hours(24);
    world.have("second", &had([9, 8, 7, 6, 5, 4], 1)).await;
    for limit in [1, 2, 4] {
        let mut listed = Vec::new();
        loop {
            let (skip, page) = (listed.len(), limit);
            let list = world.list(7, |query| {
                (query.skip, query.limit) = (skip, page);
            });
            let list = list.await;
            listed.extend(numbers(&list));
            if !list.has_more {
                break;
            }
        }
        listed.sort_unstable();
        assert_eq!(listed, [1, 2, 3, 4, 5, 6, 7, 8, 9], "{limit}");
    }
}

#[tokio::test]
async fn one_of_a_rare_kind_is_found_behind_many_of_another() {
    let world = World::start().await;
    for from in (100..240).step_by(20) {
        let errors: Vec<_> = (from..from + 20).map(|of| (problem(of), 2)).collect();
        world.have(&format!("s{from}"), &errors).await;
    }
    let rage = Problem {
        kind: MomentKind::RageClick,
        ..problem(1)
    };
    world.have("raging", &[(rage, 1)]).await;
    let raging = world.list(7, |query| query.kind = Some(MomentKind::RageClick));
    assert_eq!(numbers(&raging.await), [1]);
}

#[test]
fn days_are_at_most_thirty_one() {
    for (first, expected) in [
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2020, 1, 1), date(2026, 10, 21)),
        (date(2027, 1, 1), date(2026, 11, 20)),
    ] {
        let days = Days::new(first, date(2026, 11, 20));
        assert_eq!(days.first(), expected);
        assert_eq!(days.latest_first().next(), Some(date(2026, 11, 20)));
        assert_eq!(days.latest_first().last(), Some(expected));
    }
    let now = "2026-11-20T13:00:00Z".parse().unwrap();
    assert_eq!(Days::until(now, 7).latest_first().count(), 7);
}
