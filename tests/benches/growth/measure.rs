//! What an operation asks for, and how long it takes.

use std::time::{Duration, Instant};

use report::Row;

use crate::stack::Stack;

/// Times that an operation is done: the median of them counts.
const ROUNDS: usize = 41;

/// One operation at one size.
pub(crate) struct Measurement {
    /// Read and write units of the dearest round, in dollars a million.
    dollars: f64,
    /// The median time.
    time: Duration,
}

impl Measurement {
    pub(crate) async fn of<F: Future<Output = ()>>(
        stack: &Stack,
        mut operation: impl FnMut() -> F,
    ) -> Self {
        operation().await;
        let mut times = Vec::with_capacity(ROUNDS);
        let mut dollars = 0.0_f64;
        for _ in 0..ROUNDS {
            stack.table_calls.take_usage();
            let start = Instant::now();
            operation().await;
            times.push(start.elapsed());
            let usage = stack.table_calls.take_usage();
            // infra/COST.md
            dollars = dollars.max(usage.read_units * 0.125 + usage.write_units * 0.625);
        }
        times.sort_unstable();
        Self {
            dollars,
            time: times[ROUNDS / 2],
        }
    }
}

/// How operations grow with one thing.
pub(crate) struct Curve {
    of: &'static str,
    points: Vec<(&'static str, usize, f64, f64)>,
}

impl Curve {
    pub(crate) fn new(of: &'static str) -> Self {
        Self {
            of,
            points: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, operation: &'static str, stored: usize, measured: &Measurement) {
        let time = measured.time.as_secs_f64() * 1e3;
        self.points
            .push((operation, stored, measured.dollars, time));
    }

    /// Each point beside the first of its operation.
    pub(crate) fn publish(&self) {
        let mut rows = Vec::new();
        for (operation, stored, dollars, time) in &self.points {
            let is_first = |point: &&(&str, usize, f64, f64)| point.0 == *operation;
            let Some(first) = self.points.iter().find(is_first) else {
                continue;
            };
            for (kind, unit, value, baseline_value) in [
                ("cost", "$/million", *dollars, first.2),
                ("time", "ms", *time, first.3),
            ] {
                let name = |stored| format!("growth, {kind} of {operation}, {stored} {}", self.of);
                rows.push(Row {
                    name: name(*stored),
                    value,
                    unit,
                    baseline: name(first.1),
                    baseline_value,
                });
            }
        }
        report::publish(&rows);
    }
}
