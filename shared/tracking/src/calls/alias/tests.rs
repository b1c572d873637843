use serde_json::json;

use crate::testing::planned;
use crate::{DropReason, Step};

#[test]
fn the_person_has_another_id_from_now_on() {
    let event = json!({ "type": "alias", "userId": "u-2", "previousId": "anon-1" });
    let plan = planned(&event, &json!({})).unwrap();
    assert_eq!(plan.person.external_id.as_deref(), Some("u-2"));
    let [
        Step::Alias {
            previous_id,
            user_id,
        },
    ] = plan.steps.as_slice()
    else {
        panic!("{} steps", plan.steps.len());
    };
    assert_eq!((previous_id.as_str(), user_id.as_str()), ("anon-1", "u-2"));
}

#[test]
fn it_takes_two_ids() {
    for event in [
        json!({ "type": "alias", "userId": "u-2" }),
        json!({ "type": "alias", "previousId": "u-1" }),
        json!({ "type": "alias", "userId": "u-1", "previousId": "u-1" }),
        json!({ "type": "alias", "userId": "u-1", "previousId": "undefined" }),
    ] {
        assert_eq!(
            planned(&event, &json!({})).err(),
            Some(DropReason::NoOtherId),
            "{event}"
        );
    }
}
