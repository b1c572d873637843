//! What names with a signature cost: what an unsigned one does, and a read once a minute.

use lambda_http::Body;
use lambda_http::http::Method;
use serde_json::json;

use super::operations::{Cost, take};
use crate::stack::{SECRET_KEY, Stack, request};

/// A backend has somebody signed, and a recorder names them.
pub(crate) async fn naming_with_a_signature() -> Vec<(&'static str, Cost)> {
    let stack = Stack::start().await;
    let mut costs = Vec::new();
    let names = json!({ "user_id": "7" });
    // Whose names are verified already, as they are of everybody but newcomers.
    let path = "/v1/sessions/s-1/identify";
    let verified = Body::Text(names.to_string());
    stack
        .send(request(Method::POST, path, SECRET_KEY, verified))
        .await;
    stack.identify("s-1", &json!({ "anonymous_id": "a" })).await;
    let ask = || {
        let body = Body::Text(names.to_string());
        request(Method::POST, "/v1/identity-tokens", SECRET_KEY, body)
    };
    // The first time, the identity key is made.
    stack.send(ask()).await;
    take(&stack);
    let tokens = stack.send(ask()).await.json;
    costs.push(("identity: a backend has somebody signed", take(&stack)));

    let signed = json!({ "user_id": "7", "user_hash": tokens["user_hash"] });
    for (session, name) in [
        ("s-2", "identify: a known alias, signed, once a minute"),
        ("s-3", "identify: a known alias, signed"),
    ] {
        stack.identify(session, &signed).await;
        costs.push((name, take(&stack)));
    }
    costs
}
