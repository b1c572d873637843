//! The results: a table to read, rows for `BENCH_JSON`, and which limits hold.

use std::time::Duration;

use crate::measure::{Measured, median};
use crate::node::NODE;
use crate::subjects::{CANVAS, CANVAS_GIVEN, HELLO, HELLO_HTTP, Subject};
use report::Row;

/// All subjects with what was measured of them.
pub(crate) struct Results<'a> {
    subjects: &'a [Subject],
    measured: &'a [Measured],
}

/// One kind of measurement.
struct Metric {
    name: &'static str,
    unit: &'static str,
    /// What the others are compared with.
    baseline: &'static str,
    value: fn(&Subject, &Measured) -> Option<f64>,
}

const METRICS: [Metric; 8] = [
    Metric {
        name: "start",
        unit: "ms",
        baseline: HELLO,
        value: |_, measured| Some(ms(measured.start())),
    },
    Metric {
        name: "first event",
        unit: "ms",
        baseline: HELLO_HTTP,
        value: |_, measured| Some(ms(median(&measured.first))),
    },
    Metric {
        name: "first event at 256 MB",
        unit: "ms",
        baseline: HELLO_HTTP,
        value: |_, measured| throttled(measured).map(ms),
    },
    Metric {
        name: "warm events",
        unit: "1/s",
        baseline: HELLO_HTTP,
        value: |_, measured| Some(measured.per_second),
    },
    Metric {
        name: "warm events without AWS",
        unit: "1/s",
        baseline: HELLO_HTTP,
        value: |_, measured| measured.idle_per_second,
    },
    Metric {
        name: "resident",
        unit: "MB",
        baseline: HELLO,
        value: |_, measured| Some(mb(resident(measured))),
    },
    Metric {
        name: "program",
        unit: "MB",
        baseline: HELLO,
        value: |subject, _| Some(mb(subject.size.program)),
    },
    Metric {
        name: "zip",
        unit: "MB",
        baseline: HELLO,
        value: |subject, _| Some(mb(subject.size.zip)),
    },
];

/// A promise of ours, and what was measured.
pub(crate) struct Limit {
    what: &'static str,
    measured: f64,
    limit: f64,
    /// Whether more is better.
    at_least: bool,
}

impl Limit {
    pub(crate) fn holds(&self) -> bool {
        match self.at_least {
            true => self.measured >= self.limit,
            false => self.measured <= self.limit,
        }
    }

    pub(crate) fn print(&self) {
        let Self {
            what,
            measured,
            limit,
            at_least,
        } = self;
        let verdict = if self.holds() { "holds" } else { "BROKEN" };
        let bound = if *at_least { "at least" } else { "at most" };
        println!("{verdict:<6}  {what}: {measured:.2}, {bound} {limit}");
    }
}

impl<'a> Results<'a> {
    pub(crate) fn new(subjects: &'a [Subject], measured: &'a [Measured]) -> Self {
        Self { subjects, measured }
    }

    /// A row per metric and subject.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for metric in &METRICS {
            let Some(baseline_value) = self.value(metric, metric.baseline) else {
                continue;
            };
            for subject in self.subjects {
                if let Some(value) = self.value(metric, &subject.name) {
                    rows.push(Row {
                        name: format!("{}, {}", metric.name, subject.name),
                        value,
                        unit: metric.unit,
                        baseline: metric.baseline.to_owned(),
                        baseline_value,
                    });
                }
            }
        }
        rows
    }

    /// A line per subject: each metric, and how many times its baseline that is.
    pub(crate) fn print(&self) {
        print!("{:<24}", "");
        for metric in &METRICS {
            print!(" {:>24}", format!("{}, {}", metric.name, metric.unit));
        }
        println!();
        for subject in self.subjects {
            print!("{:<24}", subject.name);
            for metric in &METRICS {
                let value = self.value(metric, &subject.name);
                let baseline = self.value(metric, metric.baseline);
                let cell = match (value, baseline) {
                    (Some(value), Some(baseline)) => {
                        format!("{value:.2} ({:.2}x)", value / baseline)
                    }
                    _ => String::new(),
                };
                print!(" {cell:>24}");
            }
            println!();
        }
    }

    /// What we promise of the canvas.
    pub(crate) fn limits(&self) -> Vec<Limit> {
        let [start, first, throttled, _, idle, resident, _, zip] = &METRICS;
        let canvas = |metric: &Metric| self.value(metric, CANVAS);
        let at_most = |what, measured, limit| Limit {
            what,
            measured,
            limit,
            at_least: false,
        };
        let at_least = |what, measured, limit| Limit {
            what,
            measured,
            limit,
            at_least: true,
        };
        let ratio = |metric, name, baseline| {
            Some(self.value(metric, name)? / self.value(metric, baseline)?)
        };
        [
            // Hello and Node fetch no secrets. How long that takes is in the table, as the other canvas's
            // start.
            ratio(start, CANVAS_GIVEN, HELLO)
                .map(|ratio| at_most("start of the canvas, secrets given / hello", ratio, 3.0)),
            canvas(resident).map(|mb| at_most("resident memory of the canvas, MB", mb, 12.0)),
            canvas(zip).map(|mb| at_most("zip of the canvas, MB", mb, 3.5)),
            canvas(throttled)
                .zip(canvas(first))
                .map(|(throttled, free)| {
                    at_most(
                        "first event at 256 MB - unthrottled, ms",
                        throttled - free,
                        10.0,
                    )
                }),
            ratio(idle, CANVAS, HELLO_HTTP).map(|ratio| {
                at_least(
                    "warm events of the canvas, without AWS / hello-http",
                    ratio,
                    0.5,
                )
            }),
            ratio(start, NODE, CANVAS_GIVEN)
                .map(|ratio| at_least("start in Node / of the canvas, secrets given", ratio, 15.0)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn value(&self, metric: &Metric, name: &str) -> Option<f64> {
        let mut both = self.subjects.iter().zip(self.measured);
        let (subject, measured) = both.find(|(subject, _)| subject.name == name)?;
        (metric.value)(subject, measured)
    }
}

fn throttled(measured: &Measured) -> Option<Duration> {
    (!measured.first_throttled.is_empty()).then(|| median(&measured.first_throttled))
}

fn resident(measured: &Measured) -> u64 {
    median(&measured.resident).max(measured.resident_warm)
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
