//! One figure of a summary, and what is right for it.

use serde_json::Value;

/// A figure's name and what is right.
pub(crate) type Figure = (String, Right);

/// What is right.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Right {
    /// Exactly this.
    Is(u64),
    /// Anything from the first to the second.
    Within(u64, u64),
    /// The recorder did not tell: `null`, never a number.
    NotKnown,
}

impl Right {
    /// A figure of a truth: `null` is not known.
    pub(crate) fn parse(truth: &Value) -> Self {
        truth.as_u64().map_or(Self::NotKnown, Self::Is)
    }

    /// A time and how far off is right.
    pub(crate) fn about((milliseconds, leeway): (u64, u64)) -> Self {
        Self::Within(milliseconds.saturating_sub(leeway), milliseconds + leeway)
    }

    /// Says what is wrong with what was found.
    pub(crate) fn fault(self, found: Option<u64>) -> Option<String> {
        let right = match (self, found) {
            (Self::NotKnown, None) => return None,
            (Self::Is(right), Some(found)) if found == right => return None,
            (Self::Within(low, high), Some(found)) if (low..=high).contains(&found) => return None,
            (Self::NotKnown, _) => "not known".to_owned(),
            (Self::Is(right), _) => right.to_string(),
            (Self::Within(low, high), _) => format!("{low} to {high}"),
        };
        let found = found.map_or_else(|| "not known".to_owned(), |found| found.to_string());
        Some(format!("{found} instead of {right}"))
    }
}

/// Looks a figure up in a summary: one of its counts, a number beside them, or one that is counted here.
pub(crate) fn found(summary: &Value, figure: &str) -> Option<u64> {
    let rows = |keep: &dyn Fn(&Value) -> bool| -> Vec<&Value> {
        let rows = summary["timeline"].as_array();
        rows.into_iter().flatten().filter(|row| keep(row)).collect()
    };
    if let Some(number) = figure.strip_prefix("rage_burst_") {
        let number: usize = number.parse().expect("the burst's number");
        let bursts = rows(&|row| row["kind"] == "rage_click");
        return bursts.get(number - 1)?["count"].as_u64();
    }
    match figure {
        "pages" => Some(summary["pages"].as_array()?.len() as u64),
        "idle_rows" => Some(rows(&|row| row["kind"] == "idle").len() as u64),
        "error_rows_without_words" => Some(rows(&is_error_without_words).len() as u64),
        "active_ms" | "duration_ms" | "events" => summary[figure].as_u64(),
        _ => {
            let counts = summary["counts"].as_object().expect("a summary has counts");
            let count = counts.get(figure);
            count
                .unwrap_or_else(|| panic!("no figure {figure}"))
                .as_u64()
        }
    }
}

fn is_error_without_words(row: &Value) -> bool {
    let label = row["label"].as_str().unwrap_or_default();
    let words = label.rsplit_once(": ").map_or(label, |(_, words)| words);
    row["kind"] == "js_error" && !words.contains(char::is_alphabetic)
}
