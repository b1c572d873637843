//! The checker finds what is wrong, on a description of its own.

use serde_json::json;

use super::*;

const DESCRIPTION: &str = r##"
openapi: 3.0.1
paths:
  "/cats/search":
    post:
      parameters:
      - { name: Intercom-Version, in: header, schema: { "$ref": "#/components/schemas/version" } }
      requestBody:
        content: { application/json: { schema: { type: object, properties: { name: { type: string } }, required: [name] } } }
      responses: { '200': { content: { application/json: { schema: { "$ref": "#/components/schemas/cat" } } } } }
  "/cats/{id}":
    get:
      responses:
        '200': { content: { application/json: { schema: { "$ref": "#/components/schemas/cat" } } } }
        '404': { "$ref": "#/components/responses/NotFound" }
components:
  responses:
    NotFound: { content: { application/json: { schema: { type: object, required: [code], properties: { code: { type: string } } } } } }
  schemas:
    version: { type: string, enum: ['2.15'] }
    cat:
      type: object
      properties:
        name: { type: string, nullable: true }
        mother: { "$ref": "#/components/schemas/cat", nullable: true }
        kittens: { type: array, items: { "$ref": "#/components/schemas/cat" } }
"##;

fn description() -> Description {
    Description::parse(DESCRIPTION).unwrap()
}

fn get(answer: (u16, Value)) -> Vec<String> {
    let (status, body) = answer;
    let answer = Response::builder()
        .status(status)
        .body(body.to_string().into())
        .unwrap();
    description().answer_violations(&Method::GET, "/cats/7", &answer)
}

fn search(version: &str, body: &str) -> Vec<String> {
    let request = Request::post("http://localhost/cats/search?page=2")
        .header("authorization", "Bearer token")
        .header("intercom-version", version)
        .body(Bytes::from(body.to_owned()))
        .unwrap();
    description().request_violations(&request)
}

#[test]
fn what_is_described_is_no_violation() {
    let family = json!({ "name": null, "mother": null, "kittens": [{ "name": "Tom", "mother": { "name": "Ada" } }] });
    assert_eq!(get((200, family)), Vec::<String>::new());
    assert_eq!(
        get((404, json!({ "code": "not_found" }))),
        Vec::<String>::new()
    );
    assert_eq!(search("2.15", r#"{"name":"Tom"}"#), Vec::<String>::new());
}

#[test]
fn wrong_missing_and_unknown_fields_are_found() {
    for wrong in [
        (200, json!({ "name": 7 })),
        (200, json!({ "mother": { "name": 7 } })),
        (200, json!({ "nmae": "Tom" })),
        (200, json!({ "kittens": [{ "nmae": "Tom" }] })),
        (404, json!({})),
        (500, json!({})),
    ] {
        assert_eq!(
            get(wrong.clone()).len(),
            1,
            "{wrong:?}: {:?}",
            get(wrong.clone())
        );
    }
}

#[test]
fn requests_that_intercom_does_not_know_are_found() {
    assert_eq!(search("1.9", r#"{"name":"Tom"}"#).len(), 1);
    assert_eq!(
        search("2.15", r#"{"name":"Tom","age":3}"#),
        ["/age: not described"]
    );
    assert_eq!(search("2.15", "name=Tom").len(), 1);
    let nobody = Request::get("/dogs/1").body(Bytes::new()).unwrap();
    assert_eq!(
        description().request_violations(&nobody),
        ["GET /dogs/1 is not described"]
    );
    let unauthorized = Request::get("/cats/1").body(Bytes::new()).unwrap();
    assert_eq!(
        description().request_violations(&unauthorized),
        ["GET /cats/1: no bearer token"]
    );
}
