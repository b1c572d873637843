//! What Intercom has is copied, by an admin's choice or a backend's, and forgotten when it is turned off.

use std::collections::BTreeMap;

use http::Request;
use http::header::COOKIE;
use identity::{OrganizationId, WorkspaceId};
use runtime_api::events::Message;
use serde_json::{Value, json};
use tasks::SyncTask;

use crate::connection::act_on;
use crate::deployment::Deployment;
use crate::intercom::WORKSPACE;
use crate::mapping;

const PAGE: &str = "/settings/import";

/// An admin chooses. Until that is copied, what notifications tell is all that there is.
pub(crate) fn an_admin_chooses(deployment: &mut Deployment, session: &str) {
    let chosen = [
        ("companies_and_users", "on"),
        ("conversations", "on"),
        ("events", "on"),
        ("seen_within_days", "90"),
    ];
    press(deployment, session, "choices", "checkbox", &chosen);
}

/// The workspace's backend looks what is in the way, and asks for all of it anew.
pub(crate) async fn what_is_chosen_is_copied(
    deployment: &mut Deployment,
    session: &str,
    secret_key: &str,
) {
    assert!(mapping::serve(deployment.function("sync")).await >= 1);

    let mut ask = |method, path, body: Value, status| {
        ask(deployment, secret_key, (method, path), &body, status)
    };
    let chosen = ask("GET", "/v1/sync/settings", Value::Null, 200);
    assert_eq!(chosen["companies_and_users"], true, "{chosen}");
    let conversations = json!({ "conversations": true });
    let chosen = ask("PUT", "/v1/sync/settings", conversations, 200);
    assert_eq!(
        (&chosen["companies_and_users"], &chosen["conversations"]),
        (&json!(true), &json!(true)),
    );
    let found = ask("POST", "/v1/sync/check", Value::Null, 200);
    assert_eq!(found["companies"]["total"], 1, "{found}");
    ask("POST", "/v1/sync", Value::Null, 202);
    assert!(mapping::serve(deployment.function("sync")).await >= 1);
    let log = deployment.function("sync").log();
    assert!(log.contains("workspace imported"), "{log}");

    let read = ("GET", "/v1/companies");
    let companies = self::ask(deployment, secret_key, read, &Value::Null, 200);
    assert_eq!(companies["data"][0]["name"], "Blue Sun", "{companies}");
    let read = ("GET", "/v1/sync");
    let progress = self::ask(deployment, secret_key, read, &Value::Null, 200);
    assert_eq!(progress["parts"]["conversations"]["done"], true);
    for path in ["/companies", "/companies/co1", "/conversations/of-user"] {
        let request = Request::get(path).header(COOKIE, session);
        let request = request.body(Vec::new()).unwrap();
        deployment.function("accounts").exchange(&request, 200);
    }
}

/// Nothing of it is left, and Intercom is not asked any more.
pub(crate) fn what_is_turned_off_is_forgotten(
    deployment: &mut Deployment,
    session: &str,
    secret_key: &str,
) {
    press(deployment, session, "ignore", "placed-order", &[]);
    press(deployment, session, "erase", "csrf", &[]);
    // The message comes when no step can be under way any more.
    let workspace = WorkspaceId::parse(WORKSPACE).unwrap();
    let organization = OrganizationId::of_first_workspace(&workspace);
    let message = Message {
        id: "forget".to_owned(),
        body: SyncTask::forget(&organization, &workspace).to_body(),
        receive_count: 1,
        attributes: BTreeMap::new(),
    };
    let sync = deployment.function("sync");
    let queue = sync.description.queues[0].url.clone();
    assert_eq!(sync.work(&queue, &[message]), [""; 0]);
    for path in ["/v1/companies", "/v1/conversations", "/v1/events"] {
        let read = ("GET", path);
        let left = ask(deployment, secret_key, read, &Value::Null, 200);
        assert_eq!(left["data"], json!([]), "{path}");
    }
}

fn press(
    deployment: &mut Deployment,
    session: &str,
    action: &str,
    mark: &str,
    fields: &[(&str, &str)],
) {
    let action = format!("{PAGE}/{action}");
    act_on(deployment, session, (PAGE, &action), mark, fields);
}

fn ask(
    deployment: &mut Deployment,
    secret_key: &str,
    (method, path): (&str, &str),
    body: &Value,
    status: u16,
) -> Value {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("Authorization", format!("Bearer {secret_key}"));
    let body = match body {
        Value::Null => Vec::new(),
        body => body.to_string().into_bytes(),
    };
    deployment
        .function("rest")
        .request(&request.body(body).unwrap(), status)
}
