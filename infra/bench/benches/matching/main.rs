//! How well people are matched with their sessions, on a simulated day of which everything is known: 10,000
//! visitors, 50 pages, several conversations a minute.
//!
//! - `world`, `clients`, `tracks`: who comes, with what, and what they do
//! - `truth`: who is who
//! - `site`: the store, used as the functions use it
//! - `day`: what happens, and how often it was seen right
//!
//! Precision is the share of what was shown that is right, recall the share of what could be shown that was.
//! What is shown for certain has to be right always, a possible match in 98 of 100: the benchmark ends with
//! an error otherwise. Writes rows of `{"name","value","unit","baseline","ratio"}` to the file that
//! `BENCH_JSON` names.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A benchmark that cannot run stops.

mod clients;
mod day;
mod site;
mod tracks;
mod truth;
mod world;

use std::process::ExitCode;

use day::{Tally, share};
use report::Row;
use world::World;

/// Any number: the same makes the same day.
const SEED: u64 = 5;

const VISITORS: usize = 10_000;

/// Least precision of what is shown for certain, and of possible matches.
const EXACT: f64 = 1.0;
const POSSIBLE: f64 = 0.98;

#[tokio::main]
async fn main() -> ExitCode {
    let tally = day::live(&World::new(SEED, VISITORS)).await;
    print(&tally);
    report::publish(&rows(&tally));
    match tally.exact_precision() >= EXACT && tally.possible_precision() >= POSSIBLE {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn print(tally: &Tally) {
    let Tally {
        conversations,
        recorded,
        exact_found,
        exact_right,
        exact_wrong,
        exact_human,
        conflicts,
        unknown,
        possible_right,
        possible_wrong,
    } = tally;
    println!(
        "{VISITORS} visitors, {conversations} conversations, {recorded} by people who were recorded"
    );
    println!(
        "certain: {exact_found} found; {exact_right} sessions shown rightly, {exact_wrong} wrongly"
    );
    let humans = 100.0 * share(*exact_human, exact_right + exact_wrong);
    println!(
        "         {humans:.2} % of them the very same human's, the others of the same browser or account"
    );
    println!("         {conflicts} shown as a conflict of several people");
    println!(
        "possible: {unknown} not found for certain; {possible_right} matched rightly, {possible_wrong} wrongly"
    );
}

fn rows(tally: &Tally) -> Vec<Row> {
    let least = |name: &str, value, baseline_value| Row {
        name: format!("matching, {name}"),
        value: 100.0 * value,
        unit: "%",
        baseline: "the least that is allowed".to_owned(),
        baseline_value: 100.0 * baseline_value,
    };
    let of_all = |name: &str, value| Row {
        baseline: "all that could be".to_owned(),
        ..least(name, value, 1.0)
    };
    vec![
        least("precision of exact matches", tally.exact_precision(), EXACT),
        of_all("recall of exact matches", tally.exact_recall()),
        least(
            "precision of possible matches",
            tally.possible_precision(),
            POSSIBLE,
        ),
        of_all("recall of possible matches", tally.possible_recall()),
    ]
}
