//! What clients have sent is told to Intercom; and whoever is erased is deleted there.

use http::{Method, Request};
use intercom::fake::{Closed, Directory, Standing, Workspace};
use jiff::Timestamp;
use serde_json::{Value, json};
use test_support::new_connection;

use crate::deployment::{Deployment, SECRET_KEY, WORKSPACE, WRITE_KEY};
use crate::tracked::USER;
use crate::{connection, mapping, tracked};

pub(crate) async fn what_was_taken_is_told_and_whoever_is_erased_is_deleted(
    deployment: &mut Deployment,
    session: &str,
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
    let source = source.unwrap()["source_id"].as_str().unwrap();
    send_again(deployment, session).await;
    be_held(deployment).await;

    let path = format!("/v1/sources/{source}");
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

/// Asks once more for an event that came to nothing, as a backend and as an admin.
async fn send_again(deployment: &mut Deployment, session: &str) {
    let delivery = ("rest", Method::GET, "/v1/deliveries/t-4");
    let resend = ("rest", Method::POST, "/v1/deliveries/t-4/resend");
    ask(deployment, resend, &Value::Null, 202);
    mapping::serve(deployment.function("deliver")).await;
    let dropped = ask(deployment, delivery, &Value::Null, 200);
    assert_eq!(dropped["outcome"], "dropped", "{dropped}");

    let settings = connection::settings(deployment, session);
    let (_, rest) = settings.split_once("rk_write_").unwrap();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
    let key = format!("rk_write_{}", &rest[..end.unwrap()]);
    let of_nobody = json!({"batch": [{"type": "track", "messageId": "t-7", "event": "Of nobody"}]});
    tracked::send(deployment, &key, &of_nobody, 200);
    mapping::serve(deployment.function("deliver")).await;
    let page = ("/settings/sources/site", "/settings/sources/site/resend");
    connection::act_on(deployment, session, page, "t-7", &[]);
    mapping::serve(deployment.function("deliver")).await;
}

/// Lets nothing be told for a while: what waited is told under the next connection.
async fn be_held(deployment: &mut Deployment) {
    let ordered = |id: &str| json!({"batch": [{"type": "track", "userId": USER, "messageId": id, "event": "Ordered"}]});
    let closed = Some(Closed::IpAllowlist);
    deployment.intercom.close(WORKSPACE, closed);
    tracked::send(deployment, WRITE_KEY, &ordered("t-5"), 200);
    mapping::serve(deployment.function("deliver")).await;
    deployment.intercom.close(WORKSPACE, None);
    let connections = deployment.store.connections();
    let new = new_connection(WORKSPACE, "Acme");
    connections.connect(&new, Timestamp::now()).await.unwrap();
    tracked::send(deployment, WRITE_KEY, &ordered("t-6"), 200);
    mapping::serve(deployment.function("deliver")).await;
    let told = ("rest", Method::GET, "/v1/deliveries/t-6");
    let told = ask(deployment, told, &Value::Null, 200);
    assert_eq!(told["outcome"], "sent", "{told}");
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
