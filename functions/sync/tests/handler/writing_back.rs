//! Our figures at companies and people of Intercom: on change, on first use, and never anybody new.

use intercom::fake::Fault;
use intercom::rest::Model;
use jiff::SignedDuration;
use mirror::Choices;
use serde_json::json;
use store::ImportPart;

use crate::fixture::Fixture;
use crate::workspace::seed;

fn both_ways() -> Choices {
    Choices {
        write_back: true,
        ..Choices::everything()
    }
}

/// A workspace of which everything is copied, after `u-1` was recorded.
async fn copied() -> Fixture {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&both_ways()).await;
    fixture.visited("u-1", "session-1", 60).await;
    pass(&fixture).await;
    fixture
}

async fn pass(fixture: &Fixture) {
    fixture.schedule().await;
    fixture.settle().await;
}

/// Writes that Intercom was asked for since the last time.
fn take_writes(fixture: &Fixture) -> Vec<String> {
    let calls = fixture.stack.intercom.take_calls();
    let is_write = |method: &str, path: &str| match method {
        "GET" => false,
        "POST" => !path.ends_with("/search") && !path.ends_with("/list"),
        _ => true,
    };
    calls
        .iter()
        .map(|call| (call.method().as_str().to_owned(), call.path().to_owned()))
        .filter(|(method, path)| is_write(method, path))
        .map(|(method, path)| format!("{method} {path}"))
        .collect()
}

#[tokio::test]
async fn figures_are_written_to_whom_something_was_recorded_and_attributes_are_made() {
    let fixture = copied().await;
    let at = fixture.ago(60).as_second();
    assert_eq!(
        fixture.attributes(Model::Company, "c-1"),
        json!({
            "Recapt Sessions 30d": 1, "Recapt Rage clicks 30d": 3, "Recapt Errors 30d": 2,
            "Recapt Last session at": at,
        })
    );
    assert_eq!(
        fixture.attributes(Model::Contact, "u-1"),
        json!({
            "Recapt Person sessions 30d": 1, "Recapt Person rage clicks 30d": 3, "Recapt Person errors 30d": 2,
            "Recapt Person last session at": at,
            "Recapt Last session": "https://recapt.example/sessions/session-1",
        })
    );
    for (model, id) in [
        (Model::Company, "c-2"),
        (Model::Company, "c-4"),
        (Model::Contact, "u-2"),
    ] {
        assert_eq!(fixture.attributes(model, id), json!({}), "{id}");
    }
    let part = fixture.progress().await.import.parts[&ImportPart::WriteBack];
    assert!(part.done && !part.is_refused);
}

#[tokio::test]
async fn a_quiet_workspace_is_not_written_to_and_a_new_session_costs_a_call_each() {
    let fixture = copied().await;
    take_writes(&fixture);
    for _ in 0..2 {
        fixture.later(60);
        pass(&fixture).await;
        assert_eq!(take_writes(&fixture), [""; 0]);
    }
    fixture.visited("u-1", "session-2", 5).await;
    fixture.later(60);
    pass(&fixture).await;
    assert_eq!(
        take_writes(&fixture),
        ["PUT /companies/c-1", "PUT /contacts/u-1"]
    );
    let person = fixture.attributes(Model::Contact, "u-1");
    assert_eq!(person["Recapt Person sessions 30d"], 2);
    let link = "https://recapt.example/sessions/session-2";
    assert_eq!(person["Recapt Last session"], link);
}

#[tokio::test]
async fn what_has_left_the_thirty_days_is_taken_back_and_a_recording_that_is_gone_has_no_link() {
    let fixture = copied().await;
    let days = |days: i64| fixture.later(days * 24 * 60);
    days(31);
    // The day's pass marks what has aged; the next counts and writes it.
    for _ in 0..2 {
        fixture.later(60);
        pass(&fixture).await;
    }
    let company = fixture.attributes(Model::Company, "c-1");
    assert_eq!(company["Recapt Sessions 30d"], 0);
    assert!(company["Recapt Last session at"].is_number());
    let person = fixture.attributes(Model::Contact, "u-1");
    assert_eq!(person["Recapt Person sessions 30d"], 0);
    assert!(person["Recapt Last session"].is_string());
}

#[tokio::test]
async fn nothing_is_written_that_nobody_chose() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&Choices::everything()).await;
    fixture.visited("u-1", "session-1", 60).await;
    pass(&fixture).await;
    assert_eq!(take_writes(&fixture), [""; 0]);
    // Chosen later, it is written without anything being read anew.
    fixture.choose(&both_ways()).await;
    fixture.later(60);
    pass(&fixture).await;
    let company = fixture.attributes(Model::Company, "c-1");
    assert_eq!(company["Recapt Sessions 30d"], 1);
    fixture.choose(&Choices::everything()).await;
    fixture.later(60);
    pass(&fixture).await;
    let parts = fixture.progress().await.import.parts;
    assert!(!parts.contains_key(&ImportPart::WriteBack));
}

#[tokio::test]
async fn whoever_is_gone_is_passed_over_and_never_made() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&Choices::everything()).await;
    fixture.visited("u-1", "session-1", 60).await;
    fixture.visited("u-3", "session-3", 60).await;
    pass(&fixture).await;
    let gone = fixture.stack.intercom.write("acme", |directory| {
        directory.remove_contact("u-1");
        directory.remove_company("c-1");
    });
    gone.unwrap();
    fixture.choose(&both_ways()).await;
    fixture.later(60);
    pass(&fixture).await;
    let person = fixture.attributes(Model::Contact, "u-3");
    assert_eq!(person["Recapt Person sessions 30d"], 1);
    let there = fixture.stack.intercom.read("acme", |directory| {
        let company = directory.companies().iter().any(|each| each.id == "c-1");
        company || directory.contact("u-1").is_some()
    });
    assert_eq!(there, Some(false));
}

#[tokio::test]
async fn a_permission_that_is_missing_is_shown_and_what_is_read_counts_all_the_same() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&both_ways()).await;
    fixture.visited("u-1", "session-1", 60).await;
    let forbidden = Fault::refusal(403, "forbidden");
    fixture
        .stack
        .intercom
        .fail_always("/data_attributes", forbidden);
    pass(&fixture).await;
    let import = fixture.progress().await.import;
    assert!(import.parts[&ImportPart::WriteBack].is_refused);
    assert!(import.complete_until.is_some());
    // Allowed, it is made up for.
    fixture.stack.intercom.heal();
    fixture.later(60);
    pass(&fixture).await;
    let company = fixture.attributes(Model::Company, "c-1");
    assert_eq!(company["Recapt Sessions 30d"], 1);
}

#[tokio::test]
async fn a_name_that_is_taken_stops_writing_and_no_reading() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&both_ways()).await;
    fixture.visited("u-1", "session-1", 60).await;
    let taken = Fault::json(
        400,
        &intercom::fake::error_list("parameter_invalid", "You already have it"),
    );
    fixture
        .stack
        .intercom
        .fail_always("/data_attributes", taken);
    pass(&fixture).await;
    let import = fixture.progress().await.import;
    let part = import.parts[&ImportPart::WriteBack];
    assert!(!part.done && !part.is_refused);
    assert!(import.complete_until.is_some(), "the next pass reads on");
}

#[tokio::test]
async fn full_windows_and_failures_are_waited_out() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&both_ways()).await;
    fixture.visited("u-1", "session-1", 60).await;
    let full = Fault::full(fixture.now() + SignedDuration::from_secs(10));
    fixture.stack.intercom.fail_once("/companies/c-1", full);
    let broken = Fault::refusal(500, "server_error");
    fixture.stack.intercom.fail_once("/contacts/u-1", broken);
    pass(&fixture).await;
    let company = fixture.attributes(Model::Company, "c-1");
    assert_eq!(company["Recapt Sessions 30d"], 1);
    let person = fixture.attributes(Model::Contact, "u-1");
    assert_eq!(person["Recapt Person sessions 30d"], 1);
}
