//! The checker finds what is wrong, on a description of its own.

use super::*;

const DESCRIPTION: &str = r##"
openapi: 3.1.0
paths:
  /cats:
    post:
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/CatWanted" } } }
      responses:
        "201": { content: { application/json: { schema: { $ref: "#/components/schemas/WholeCat" } } } }
  /cats/{cat_id}:
    parameters: [{ $ref: "#/components/parameters/CatId" }]
    get:
      parameters: [{ name: limit, in: query, schema: { type: integer } }]
      responses:
        "200": { content: { application/json: { schema: { $ref: "#/components/schemas/WholeCat" } } } }
        "404": { $ref: "#/components/responses/UnknownCat" }
  /cats/stray:
    get: { responses: {} }
components:
  parameters:
    CatId: { name: cat_id, in: path, required: true, schema: { type: string } }
  responses:
    UnknownRoute: { content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
    MethodNotAllowed: { content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
    UnknownCat:
      content:
        application/json:
          schema:
            $ref: "#/components/schemas/Error"
            properties: { error: { properties: { code: { enum: [unknown_cat] } } } }
  schemas:
    Error:
      type: object
      required: [error]
      properties:
        error: { type: object, required: [code], properties: { code: { type: string } } }
    Cat:
      type: object
      required: [name]
      properties: { name: { type: [string, "null"] }, born_at: { type: string, format: date-time } }
    WholeCat:
      allOf:
        - $ref: "#/components/schemas/Cat"
        - type: object
          required: [mother, kittens]
          properties:
            mother: { oneOf: [{ $ref: "#/components/schemas/Cat" }, { type: "null" }] }
            kittens: { type: array, items: { $ref: "#/components/schemas/Cat" } }
            traits: { type: object, additionalProperties: true }
    CatWanted: { type: object, required: [name], properties: { name: { type: string } } }
"##;

fn violations(call: (&str, &str, &Value), answer: (u16, &Value)) -> Vec<String> {
    let ((method, target, sent), (status, answered)) = (call, answer);
    Description::parse(DESCRIPTION).violations(&Call {
        method,
        target,
        sent,
        status,
        answered,
    })
}

fn get(status: u16, answered: &Value) -> Vec<String> {
    violations(("GET", "/cats/7", &Value::Null), (status, answered))
}

fn error(code: &str) -> Value {
    json!({ "error": { "code": code } })
}

#[test]
fn what_is_described_is_no_violation() {
    let family = json!({
        "name": null, "born_at": "2026-11-20T12:00:00.5Z", "mother": { "name": "Ada" }, "kittens": [{ "name": "Tom" }],
        "traits": { "of": { "any": "kind" } },
    });
    let none = Vec::<String>::new();
    assert_eq!(get(200, &family), none);
    assert_eq!(get(404, &error("unknown_cat")), none);
    let alone = json!({ "name": "Tom", "mother": null, "kittens": [] });
    let wanted = json!({ "name": "Tom" });
    assert_eq!(violations(("POST", "/cats", &wanted), (201, &alone)), none);
    for (method, target, status) in [("GET", "/dogs", 404), ("PUT", "/cats", 405)] {
        let call = (method, target, &Value::Null);
        assert_eq!(violations(call, (status, &error("any"))), none);
    }
}

#[test]
fn wrong_missing_and_unknown_fields_statuses_and_codes_are_found() {
    let cat = json!({ "name": "Tom", "mother": null, "kittens": [] });
    let with = |field: &str, value: Value| {
        let mut cat = cat.clone();
        cat[field] = value;
        cat
    };
    let of_age = json!({ "name": "Ada", "age": 3 });
    for (status, wrong, expected) in [
        (200, with("name", json!(7)), "/name: "),
        (200, json!({ "name": "Tom", "kittens": [] }), "\"mother\""),
        (200, with("age", json!(3)), "'age'"),
        (200, with("kittens", json!([of_age])), "/kittens/0: "),
        (200, with("mother", of_age), "/mother: "),
        (200, with("born_at", json!("yesterday")), "/born_at: "),
        (404, error("unknown_dog"), "/error/code: "),
        (
            404,
            json!({ "error": { "code": "unknown_cat", "why": "" } }),
            "'why'",
        ),
        (500, json!({}), "no answer 500"),
    ] {
        let found = get(status, &wrong);
        let is_found = found.iter().any(|it| it.contains(expected));
        assert!(is_found, "{wrong}: {found:?}");
    }
}

#[test]
fn requests_that_are_taken_but_not_described_are_found() {
    let cat = json!({ "name": "Tom", "mother": null, "kittens": [] });
    for (call, status) in [
        (("GET", "/cats/7?limit=3&of=1", &Value::Null), 200),
        (("POST", "/cats", &Value::Null), 201),
        (("POST", "/cats", &json!({ "name": 7 })), 201),
        (("GET", "/dogs", &Value::Null), 200),
        (("PUT", "/cats", &Value::Null), 200),
    ] {
        let found = violations(call, (status, &cat));
        assert_eq!(found.len(), 1, "{call:?}: {found:?}");
    }
}

#[test]
fn a_description_is_read_as_it_stands() {
    let description = Description::parse(DESCRIPTION);
    let of = |target| {
        description
            .operation_of("GET", target)
            .map(|(_, path)| path)
    };
    assert_eq!(of("/cats/7?limit=3").as_deref(), Some("/cats/{cat_id}"));
    assert_eq!(of("/cats/stray").as_deref(), Some("/cats/stray"));
    assert_eq!(description.operations().len(), 3);
    let fields = description.fields();
    assert!(
        ["cat_id", "limit", "kittens", "code"]
            .iter()
            .all(|name| fields.contains(*name))
    );
    assert_eq!(
        description.words(),
        BTreeSet::from(["unknown_cat".to_owned()])
    );
    let open = description.faults(&["traits"]);
    assert_eq!(open, ["Cat: born_at may be missing"]);
}
