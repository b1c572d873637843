//! What clients have sent is told to Intercom; and whoever is erased is deleted there.

use http::{Method, Request};
use intercom::fake::{Directory, Standing, Workspace};
use jiff::Timestamp;
use serde_json::{Value, json};
use test_support::new_connection;

use crate::deployment::{Deployment, SECRET_KEY, WORKSPACE};
use crate::mapping;
use crate::tracked::USER;

pub(crate) async fn what_was_taken_is_told_and_whoever_is_erased_is_deleted(
    deployment: &mut Deployment,
) {
    connect(deployment).await;
    // Held until now, for nobody had connected the workspace.
    deployment.function("deliver").scheduled();
    mapping::serve(deployment.function("deliver")).await;
    let told = ask(
        deployment,
        ("rest", Method::GET, "/v1/deliveries/t-2"),
        &Value::Null,
        200,
    );
    assert_eq!(told["outcome"], "sent", "{told}");
    assert_eq!(people(deployment), [USER]);

    let list = ask(
        deployment,
        ("rest", Method::GET, "/v1/sources"),
        &Value::Null,
        200,
    );
    let sources = list["data"].as_array().unwrap();
    let source = sources.iter().find(|source| source["kind"] == "server");
    let path = format!(
        "/v1/sources/{}",
        source.unwrap()["source_id"].as_str().unwrap()
    );
    let chosen = json!({"settings": {"delete_in_intercom": true}});
    ask(deployment, ("rest", Method::PUT, &path), &chosen, 200);
    let erased = format!("/v1/people?user_id={USER}");
    ask(
        deployment,
        ("record", Method::DELETE, &erased),
        &Value::Null,
        202,
    );
    mapping::serve(deployment.function("erase")).await;
    mapping::serve(deployment.function("deliver")).await;
    assert_eq!(people(deployment), Vec::<String>::new());
}

/// Gives the organization a workspace at the pretend Intercom.
async fn connect(deployment: &mut Deployment) {
    let new = new_connection(WORKSPACE, "Acme");
    let workspace = Workspace::new(WORKSPACE, "Acme");
    deployment.intercom.add(workspace, Directory::default());
    deployment.intercom.grant(WORKSPACE, new.token.expose());
    let connections = deployment.store.connections();
    connections.connect(&new, Timestamp::now()).await.unwrap();
}

/// The external ids of those whom Intercom knows.
fn people(deployment: &Deployment) -> Vec<String> {
    let look = |directory: &Directory| {
        let contacts = directory.contacts().into_iter();
        let present = contacts.filter(|contact| contact.standing == Standing::Present);
        present
            .filter_map(|contact| contact.external_id.clone())
            .collect()
    };
    deployment.intercom.read(WORKSPACE, look).unwrap()
}

fn ask(
    deployment: &mut Deployment,
    (function, method, path): (&str, Method, &str),
    body: &Value,
    status: u16,
) -> Value {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("Authorization", format!("Bearer {SECRET_KEY}"));
    let body = match body {
        Value::Null => Vec::new(),
        body => body.to_string().into_bytes(),
    };
    let request = request.body(body).unwrap();
    deployment.function(function).request(&request, status)
}
