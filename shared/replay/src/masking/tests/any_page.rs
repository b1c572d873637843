//! Whatever a page is made of, nothing that was typed is left.

use super::*;

/// A page with the secret in whatever somebody may type into.
fn typed_page() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (
            "input|textarea|select|option|INPUT",
            "text|search|password|email|tel||hidden|checkbox"
        )
            .prop_map(|(tag, kind)| element(
                5,
                &tag,
                json!({"type": kind, "value": SECRET, "id": "a"}),
                vec![]
            )),
        Just(element(6, "textarea", json!({}), vec![text(7, SECRET)])),
        "true||plaintext-only".prop_map(|editable| element(
            8,
            "div",
            json!({"contenteditable": editable}),
            vec![element(9, "p", json!({}), vec![text(10, SECRET)])]
        )),
        "[a-z ]{0,12}".prop_map(|words| element(11, "p", json!({}), vec![text(12, &words)])),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        ("div|form|label|section", prop::collection::vec(inner, 0..4))
            .prop_map(|(tag, children)| element(13, &tag, json!({}), children))
    })
}

proptest! {
    #[test]
    fn no_typed_text_is_left_whatever_the_recorders_settings(
        pages in prop::collection::vec(typed_page(), 1..4),
        ids in prop::collection::vec(1_u32..14, 0..6),
        cut in 0_usize..8,
    ) {
        let mut events = vec![snapshot(pages)];
        for id in ids {
            events.push(at(3, json!({"source": 5, "text": SECRET, "isChecked": false, "id": id})));
            events.push(mutation(json!([]), json!([]), json!([{"id": id, "attributes": {"value": SECRET}}])));
        }
        // What stands in the editable element and in the text area is typed on.
        events.push(mutation(json!([]), json!([{"id": 10, "value": SECRET}]), json!([])));
        let is_there = |id: &str| events[0].to_string().contains(id);
        if !is_there("\"id\":10}") { events.pop(); }
        let (first, later) = events.split_at(cut.min(events.len()));
        let (one, before) = masked_from(first, Sender::Other, &Editables::default());
        let before = if first.is_empty() { Editables::ANYWHERE } else { before };
        let (other, _) = masked_from(later, Sender::Other, &before);
        prop_assert!(!one.to_string().contains(SECRET), "{}", one);
        prop_assert!(!other.to_string().contains(SECRET), "{}", other);
        prop_assert_eq!(masked(one.as_array().unwrap()), one);
    }
}
