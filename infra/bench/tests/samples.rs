//! What a new function must not forget, so that it is measured with all others.

#[path = "../benches/startup/samples.rs"]
#[allow(dead_code, clippy::unwrap_used)] // The benchmark uses more of it.
mod samples;

use samples::Sample;

#[test]
fn every_function_has_an_event_that_it_is_measured_with() {
    let functions = samples::functions();
    assert!(!functions.is_empty());
    for name in functions {
        let file = samples::file(&name, "event.json");
        assert!(
            file.exists(),
            "functions/{name} is not measured: write functions/{name}/bench/event.json"
        );
        let event: serde_json::Value =
            serde_json::from_slice(samples::event_of(&name).event()).unwrap();
        assert!(event.is_object());
    }
}

#[test]
fn an_answer_that_is_none_stops_the_benchmark() {
    let refused = br#"{"statusCode":401}"#;
    for name in samples::functions() {
        let sample = samples::event_of(&name);
        let refusal: &[u8] = match &sample {
            Sample::Request { .. } => refused,
            Sample::Batch { .. } => br#"{"batchItemFailures":[{"itemIdentifier":"message-0"}]}"#,
        };
        let checked = std::panic::catch_unwind(|| sample.check(refusal));
        assert!(checked.is_err(), "{name}");
    }
}
