//! What a new function must not forget, so that it is measured with all others.

#[path = "../benches/startup/samples.rs"]
#[allow(dead_code, clippy::unwrap_used)] // The benchmark uses more of it.
mod samples;

use samples::Sample;
use test_support::Function;

#[test]
fn every_function_has_an_event_that_it_is_measured_with() {
    let functions = Function::all();
    assert!(!functions.is_empty());
    for function in functions {
        let file = samples::file(&function, "event.json");
        assert!(
            file.exists(),
            "{} is not measured: write {}",
            function.name,
            file.display()
        );
        let event: serde_json::Value =
            serde_json::from_slice(samples::event_of(&function).event()).unwrap();
        assert!(event.is_object());
    }
}

#[test]
fn an_answer_that_is_none_stops_the_benchmark() {
    let refused = br#"{"statusCode":401}"#;
    for function in Function::all() {
        let sample = samples::event_of(&function);
        let refusal: &[u8] = match &sample {
            Sample::Request { .. } => refused,
            Sample::Batch { .. } => br#"{"batchItemFailures":[{"itemIdentifier":"message-0"}]}"#,
        };
        let checked = std::panic::catch_unwind(|| sample.check(refusal));
        assert!(checked.is_err(), "{}", function.name);
    }
}
