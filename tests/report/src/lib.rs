//! What a benchmark measured: a line of the table each, and a row in the file that `BENCH_JSON` names.

use std::path::Path;

use serde_json::{Value, json};

/// One measurement beside what it is compared with, both in the same unit.
pub struct Row {
    /// What was measured, in a few words. Unique among all benchmarks.
    pub name: String,
    /// How much it is.
    pub value: f64,
    /// Of the value and of the baseline's.
    pub unit: &'static str,
    /// What the baseline is.
    pub baseline: String,
    /// How much that is.
    pub baseline_value: f64,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.value / self.baseline_value
    }

    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "baseline": self.baseline,
            "ratio": self.ratio(),
        })
    }
}

/// Prints the rows, and records them.
///
/// # Panics
/// As [`record`].
pub fn publish(rows: &[Row]) {
    for row in rows {
        let Row {
            name,
            value,
            unit,
            baseline,
            ..
        } = row;
        println!(
            "{name:<44} {value:>8.1} {unit:<9} {:>6.2} x {baseline}",
            row.ratio()
        );
    }
    record(rows);
}

/// Puts the rows in the place of those of the same name in the file.
///
/// # Panics
/// When the file cannot be written.
pub fn record(rows: &[Row]) {
    if let Some(path) = std::env::var_os("BENCH_JSON") {
        write(Path::new(&path), rows);
    }
}

/// Several benchmarks share one file.
#[expect(
    clippy::expect_used,
    reason = "a benchmark whose results are lost stops"
)]
fn write(path: &Path, rows: &[Row]) {
    let mut all: Vec<Value> = std::fs::read(path)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .unwrap_or_default();
    all.retain(|old| rows.iter().all(|row| old["name"] != row.name.as_str()));
    all.extend(rows.iter().map(Row::to_json));
    std::fs::write(path, format!("{:#}", Value::from(all))).expect("the results can be written");
}
