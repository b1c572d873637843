use serde_json::json;

use crate::DropReason;
use crate::testing::planned;

#[test]
fn nothing_is_told() {
    let event = json!({ "type": "screen", "userId": "u-1", "name": "Home" });
    assert_eq!(
        planned(&event, &json!({})).err(),
        Some(DropReason::NothingToTell)
    );
}
