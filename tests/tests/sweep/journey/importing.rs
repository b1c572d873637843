//! What Intercom has is copied, and forgotten when it is turned off.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::recording::bearer;
use super::{Journey, Keys, field, form};
use crate::door::{Answer, Door, Sent, Service};
use crate::lines::Line;

const PAGE: &str = "/settings/import";

/// All of it within this time, however often there has to be waited.
const WHOLE: SignedDuration = SignedDuration::from_mins(10);

/// An admin chooses; the backend looks what would be in the way, chooses once more, and asks for it.
pub(super) async fn import(journey: &mut Journey<'_>, keys: &Keys) {
    let chosen = [
        field("companies_and_users", "on"),
        field("seen_within_days", "90"),
        field("ignored_events", ""),
    ];
    press(journey, "an import is chosen", "choices", &[], &chosen).await;
    let check = "/settings/import/check";
    let page = journey.get("the way is looked at", Service::Settings, check);
    assert_eq!(page.await.status, 200);
    journey
        .settle("a step of importing", Line::Sync, WHOLE)
        .await;
    let all = json!({ "conversations": true, "events": true });
    for (name, method, path, body, status) in [
        ("choices are read", "GET", "/v1/sync/settings", None, 200),
        ("all is chosen", "PUT", "/v1/sync/settings", Some(all), 200),
        ("what is in the way", "POST", "/v1/sync/check", None, 200),
        ("all of it anew", "POST", "/v1/sync", None, 202),
        ("how far it is", "GET", "/v1/sync", None, 200),
    ] {
        let sent = Sent {
            method,
            target: path.to_owned(),
            headers: vec![bearer(&keys.secret)],
            body: body.map_or_else(Vec::new, |body: Value| body.to_string().into_bytes()),
        };
        let answer = journey.step(name, Door::Request(Service::Rest, sent)).await;
        assert_eq!(answer.status, status, "{name}: {answer:?}");
    }
    journey
        .settle("a step of importing anew", Line::Sync, WHOLE)
        .await;
}

/// Ends it, and all that came of it.
pub(super) async fn turn_off(journey: &mut Journey<'_>) {
    let name = [("name", "placed-order")];
    press(journey, "a name is ignored", "ignore", &name, &[]).await;
    press(journey, "the import is turned off", "erase", &[], &[]).await;
    journey
        .settle("a step of forgetting", Line::Sync, WHOLE)
        .await;
}

/// Sends a form of the page.
async fn press(
    journey: &mut Journey<'_>,
    name: &str,
    action: &str,
    given: &[(&str, &str)],
    fields: &[(String, String)],
) -> Answer {
    let page = format!("{name}: the page");
    let page = journey.get(&page, Service::Settings, PAGE).await;
    assert_eq!(page.status, 200, "{name}: {page:?}");
    let path = format!("{PAGE}/{action}");
    let mut sent = form(&page, &path, given);
    sent.extend_from_slice(fields);
    let answer = journey.post(name, Service::Settings, &path, &sent).await;
    assert_eq!(answer.status, 303, "{name}: {answer:?}");
    answer
}
