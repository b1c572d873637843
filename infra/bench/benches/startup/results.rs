//! The results: a table of ratios to read, rows for `BENCH_JSON`, and which limits hold.

use std::time::Duration;

use crate::measure::{Measured, median};
use crate::node::NODE;
use crate::subjects::{
    AWAITED, CANVAS, CANVAS_GIVEN, HELLO, HELLO_HTTP, Subject, VERIFY_WEBHOOK, of_before,
};
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
    what: String,
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

    /// A line per subject: how many times its baseline each metric is.
    pub(crate) fn print(&self) {
        print!("{:<32}", "times the baseline");
        for metric in &METRICS {
            print!(" {:>24}", metric.name);
        }
        print!("\n{:<32}", "");
        for metric in &METRICS {
            print!(" {:>24}", metric.baseline);
        }
        println!();
        for subject in self.subjects {
            print!("{:<32}", subject.name);
            for metric in &METRICS {
                let ratio = self.ratio(metric, &subject.name, metric.baseline);
                let cell = ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
                print!(" {cell:>24}");
            }
            println!();
        }
    }

    /// What we promise, most of it of the canvas.
    pub(crate) fn limits(&self) -> Vec<Limit> {
        let [start, first, throttled, warm, idle, resident, _, zip] = &METRICS;
        let canvas = |metric: &Metric| self.value(metric, CANVAS);
        let before = of_before(CANVAS);
        let starts = AWAITED.into_iter().map(|name| {
            at_most(
                format!("start of {name} / hello"),
                self.ratio(start, name, HELLO),
                1.8,
            )
        });
        let idle = [CANVAS, VERIFY_WEBHOOK].map(|name| {
            at_least(
                format!("warm events of {name} without AWS / hello-http"),
                self.ratio(idle, name, HELLO_HTTP),
                0.8,
            )
        });
        let others = [
            at_most("resident memory of the canvas, MB", canvas(resident), 12.0),
            at_most("zip of the canvas, MB", canvas(zip), 3.5),
            at_most(
                "first event at 256 MB / unthrottled",
                canvas(throttled)
                    .zip(canvas(first))
                    .map(|(throttled, free)| throttled / free),
                4.0,
            ),
            at_least(
                "start in Node / of the canvas, secrets given",
                self.ratio(start, NODE, CANVAS_GIVEN),
                15.0,
            ),
            at_most(
                "first event of the canvas at 256 MB / before",
                self.ratio(throttled, CANVAS, &before),
                0.75,
            ),
            at_least(
                "warm events of the canvas / before",
                self.ratio(warm, CANVAS, &before),
                1.5,
            ),
        ];
        starts.chain(idle).chain(others).flatten().collect()
    }

    fn ratio(&self, metric: &Metric, name: &str, baseline: &str) -> Option<f64> {
        Some(self.value(metric, name)? / self.value(metric, baseline)?)
    }

    fn value(&self, metric: &Metric, name: &str) -> Option<f64> {
        let mut both = self.subjects.iter().zip(self.measured);
        let (subject, measured) = both.find(|(subject, _)| subject.name == name)?;
        (metric.value)(subject, measured)
    }
}

/// A limit of what could be measured.
fn at_most(what: impl Into<String>, measured: Option<f64>, limit: f64) -> Option<Limit> {
    Some(Limit {
        what: what.into(),
        measured: measured?,
        limit,
        at_least: false,
    })
}

/// The same, where more is better.
fn at_least(what: impl Into<String>, measured: Option<f64>, limit: f64) -> Option<Limit> {
    let limit = at_most(what, measured, limit)?;
    Some(Limit {
        at_least: true,
        ..limit
    })
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
