//! Batches that are done in part.

use serde_json::{Map, Value, json};

/// What a batch operation's request and answer call what was not done.
fn left_over(operation: &str) -> Option<&'static str> {
    match operation {
        "BatchGetItem" => Some("UnprocessedKeys"),
        "BatchWriteItem" => Some("UnprocessedItems"),
        _ => None,
    }
}

/// A batch of which a part is left.
pub(super) struct Part {
    /// What is to be asked; without anything, nothing is.
    pub(super) request: Option<Value>,
    field: &'static str,
    left: Value,
}

impl Part {
    /// Splits a request: the first half of each table's keys or rows, rounded down, and what is left. `None`
    /// for what is no batch.
    pub(super) fn of(operation: &str, request: &Value) -> Option<Self> {
        let field = left_over(operation)?;
        let (mut asked, mut left) = (Map::new(), Map::new());
        for (table, wanted) in request["RequestItems"].as_object()? {
            let of_table = |list: &[Value]| match wanted {
                Value::Array(_) => json!(list),
                _ => {
                    let mut part = wanted.clone();
                    part["Keys"] = json!(list);
                    part
                }
            };
            let list = wanted.as_array().or_else(|| wanted["Keys"].as_array())?;
            let (first, rest) = list.split_at(list.len() / 2);
            if !first.is_empty() {
                asked.insert(table.clone(), of_table(first));
            }
            left.insert(table.clone(), of_table(rest));
        }
        let request = (!asked.is_empty()).then(|| {
            let mut request = request.clone();
            request["RequestItems"] = Value::Object(asked);
            request
        });
        Some(Self {
            request,
            field,
            left: Value::Object(left),
        })
    }

    /// The answer to the part, which says what is left. `answer`: that of the table, which is empty when
    /// nothing was asked.
    pub(super) fn answer(self, mut answer: Value) -> Value {
        answer[self.field] = self.left;
        answer
    }
}
