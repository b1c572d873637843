//! What a benchmark measured: a line of the table each, and a row in the file that `BENCH_JSON` names.

use std::path::Path;

use serde_json::{Value, json};

/// One measurement beside what it is compared with, both in the same unit.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// What the baseline is.
    pub(crate) baseline: String,
    pub(crate) baseline_value: f64,
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
pub(crate) fn publish(rows: &[Row]) {
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
pub(crate) fn record(rows: &[Row]) {
    if let Some(path) = std::env::var_os("BENCH_JSON") {
        write(Path::new(&path), rows);
    }
}

/// Several benchmarks share one file.
fn write(path: &Path, rows: &[Row]) {
    let mut all: Vec<Value> = std::fs::read(path)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .unwrap_or_default();
    all.retain(|old| rows.iter().all(|row| old["name"] != row.name.as_str()));
    all.extend(rows.iter().map(Row::to_json));
    std::fs::write(path, format!("{:#}", Value::from(all))).expect("the results can be written");
}
