use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;

use super::*;

#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for &Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What `work` writes, as text.
fn written(work: impl FnOnce()) -> String {
    let written = Written::default();
    let clock = Clock::fixed("2026-11-20T10:15:02.123456Z".parse().unwrap());
    let subscriber = Registry::default()
        .with(JsonLines::new("record", clock, written.clone()))
        .with(Targets::new().with_default(Level::INFO));
    tracing::subscriber::with_default(subscriber, work);
    String::from_utf8(written.0.lock().unwrap().clone()).unwrap()
}

fn lines(work: impl FnOnce()) -> Vec<Value> {
    let written = written(work);
    let lines = written.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}

/// Whether CloudWatch would take metrics out of the line, by the specification of the Embedded Metric Format.
fn check_embedded_metrics(line: &Value) -> Result<(), String> {
    let directive = &line["_aws"];
    directive["Timestamp"].as_u64().ok_or("no time")?;
    let list = |value: &Value, most: usize| match value.as_array() {
        Some(items) if (1..=most).contains(&items.len()) => Ok(items.clone()),
        _ => Err(format!("not 1 to {most} of them: {value}")),
    };
    for metrics in list(&directive["CloudWatchMetrics"], usize::MAX)? {
        let namespace = metrics["Namespace"].as_str().unwrap_or_default();
        if !(1..=1_024).contains(&namespace.len()) {
            return Err("no namespace".to_owned());
        }
        for dimensions in list(&metrics["Dimensions"], usize::MAX)? {
            for dimension in list(&dimensions, 30)? {
                let name = dimension.as_str().ok_or("a dimension without a name")?;
                let value = line[name].as_str().ok_or("a dimension without a field")?;
                if !(1..=1_024).contains(&value.len()) {
                    return Err(format!("dimension {name}: {value}"));
                }
            }
        }
        for metric in list(&metrics["Metrics"], 100)? {
            let name = metric["Name"].as_str().ok_or("a metric without a name")?;
            line[name].as_f64().ok_or("a metric without a number")?;
            if !["Count", "Milliseconds"].contains(&metric["Unit"].as_str().unwrap_or_default()) {
                return Err(format!("the unit of {name}"));
            }
        }
    }
    Ok(())
}

#[test]
fn a_line_is_flat_and_begins_with_time_level_and_message() {
    let written = written(|| {
        tracing::info!(session.id = "s-1", chunks = 3, "chunk \"stored\"");
        tracing::debug!("not shown");
    });
    assert_eq!(
        written,
        r#"{"timestamp":"2026-11-20T10:15:02.123Z","level":"INFO","message":"chunk \"stored\"","session.id":"s-1","chunks":3}"#
            .to_owned()
            + "\n"
    );
}

#[test]
fn a_line_bears_the_ids_of_all_spans_around_it_and_the_inner_ones_count() {
    let lines = lines(|| {
        let invocation =
            tracing::error_span!("invocation", request.id = "r", xray.trace_id = "1-a");
        let message = tracing::error_span!(
            parent: &invocation,
            "message",
            xray.trace_id = "1-b",
            session.id = tracing::field::Empty,
        );
        message.record("session.id", "s-1");
        message.in_scope(|| tracing::info!("inside"));
        invocation.in_scope(|| tracing::info!("outside"));
    });
    for (name, inside, outside) in [
        ("request.id", json!("r"), json!("r")),
        ("xray.trace_id", json!("1-b"), json!("1-a")),
        ("session.id", json!("s-1"), Value::Null),
    ] {
        assert_eq!((&lines[0][name], &lines[1][name]), (&inside, &outside));
    }
}

#[test]
fn a_failure_says_where_it_happened_and_shows_every_cause() {
    #[derive(Debug, thiserror::Error)]
    #[error("storage is unavailable")]
    struct Unavailable(#[source] io::Error);

    let lines = lines(|| {
        let error = Unavailable(io::Error::other("no connection"));
        tracing::error!(error = &error as &dyn std::error::Error, "failed");
    });
    assert_eq!(lines[0]["error"], "storage is unavailable: no connection");
    assert_eq!(lines[0]["target"], module_path!());
}

#[test]
fn a_line_with_metrics_is_in_the_embedded_metric_format() {
    let lines = lines(|| {
        let span = tracing::error_span!("message", organization.id = "org_acme");
        let _entered = span.enter();
        tracing::info!(
            { metrics::SUMMARY_WRITTEN } = 1,
            { metrics::SUMMARY_LAG } = 1_234,
            "summary written"
        );
        tracing::info!("no metrics here");
    });
    check_embedded_metrics(&lines[0]).unwrap();
    assert!(lines[0]["duration_ms"].is_u64());
    assert_eq!(lines[0]["organization.id"], "org_acme");
    assert_eq!(lines[0]["SummaryLag"], 1_234);
    assert_eq!(
        lines[0]["_aws"],
        json!({
            "Timestamp": 1_795_169_702_123_u64,
            "CloudWatchMetrics": [{
                "Namespace": "Recapt",
                "Dimensions": [["Function"]],
                "Metrics": [
                    {"Name": "SummaryWritten", "Unit": "Count"},
                    {"Name": "SummaryLag", "Unit": "Milliseconds"},
                ],
            }],
        })
    );
    assert!(check_embedded_metrics(&lines[1]).is_err());
}

#[test]
fn an_accepted_chunk_costs_half_a_kilobyte_of_log() {
    let written = written(|| {
        let invocation = tracing::error_span!(
            "invocation",
            request.id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            xray.trace_id = "1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
        );
        let session = tracing::error_span!(
            parent: &invocation,
            "session",
            session.id = "018f3a5e-7b1c-7c4e-9d2f-3a4b5c6d7e8f",
            organization.id = "org_5f2a9c81d3b7",
        );
        session.in_scope(|| {
            tracing::info!(
                { metrics::CHUNK_ACCEPTED } = 1,
                chunk.seq = 12,
                "chunk accepted"
            );
        });
    });
    assert!(written.len() <= 512, "{} bytes: {written}", written.len());
}

#[test]
fn ids_are_never_dimensions() {
    let lines = lines(|| {
        let span = tracing::error_span!("invocation", workspace.id = "w", organization.id = "o");
        span.in_scope(|| tracing::info!({ metrics::CANVAS_DRAWN } = 1, "canvas drawn"));
    });
    let dimensions = &lines[0]["_aws"]["CloudWatchMetrics"][0]["Dimensions"];
    assert_eq!(*dimensions, json!([["Function"]]));
    assert_eq!(lines[0]["Function"], "record");
}
