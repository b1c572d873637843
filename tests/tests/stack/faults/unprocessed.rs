//! Batches of which DynamoDB does a part and says what is left.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::asked::Asked;

/// Does the first half of a batch, or the only thing in it, and answers with the rest as unprocessed.
pub(super) async fn leave<S: Future<Output = Answer>>(
    asked: &Asked,
    body: Vec<u8>,
    send: impl FnOnce(Vec<u8>) -> S,
) -> Answer {
    let mut request: Value = serde_json::from_slice(&body).unwrap();
    let mut left = Map::new();
    for (table, wanted) in request["RequestItems"].as_object_mut().unwrap() {
        let items = match wanted.get_mut("Keys") {
            Some(keys) => keys,
            None => &mut *wanted,
        };
        let items = items.as_array_mut().unwrap();
        let rest = items.split_off(items.len().div_ceil(2));
        if rest.is_empty() {
            continue;
        }
        let rest = match wanted.get("Keys") {
            Some(_) => {
                let mut wanted = wanted.clone();
                wanted["Keys"] = Value::from(rest);
                wanted
            }
            None => Value::from(rest),
        };
        left.insert(table.clone(), rest);
    }
    let mut answer = send(request.to_string().into_bytes()).await;
    if answer.status != StatusCode::OK {
        return answer;
    }
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
    let name = match asked.operation.as_str() {
        "BatchGetItem" => "UnprocessedKeys",
        _ => "UnprocessedItems",
    };
    body[name] = json!(left);
    // Its length and checksum are those of another body.
    answer = Answer::json(StatusCode::OK, &body);
    answer
}
