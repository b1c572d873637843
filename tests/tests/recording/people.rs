//! Who somebody is, for the organization's backend.

use identity::{OrganizationId, WorkspaceId};
use lambda_http::Body;
use lambda_http::http::Method;
use mirror::{AsOf, Choices, Company, Contact, Mirror, MomentKind, Named, What};
use serde_json::{Value, json};
use test_support::{Call, Description, TABLE};

use crate::stack::{
    Answer, OTHER_SECRET_KEY, SECRET_KEY, Stack, WORKSPACE, WRITE_KEY, cut, recording, request,
};

/// Long after everything here.
const KEPT: i64 = 4_000_000_000;

/// The answer, which must be one that `docs/openapi.yaml` describes.
async fn get(stack: &Stack, path: &str, key: &str) -> Answer {
    let request = request(Method::GET, path, key, Body::Empty);
    let answer = stack.send(request).await;
    let description = Description::of_the_api();
    if description.operation_of("GET", path).is_some() {
        let violations = description.violations(&Call {
            method: "GET",
            target: path,
            sent: &Value::Null,
            status: answer.status,
            answered: &answer.json,
        });
        assert!(violations.is_empty(), "{path}: {answer:?}: {violations:#?}");
    }
    answer
}

/// What is answered, which must be somebody.
async fn show(stack: &Stack, path: &str) -> Value {
    let answer = get(stack, path, SECRET_KEY).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json
}

/// A session that is said to be theirs with a key.
async fn record(stack: &Stack, session: &str, key: &str, names: &Value) {
    let chunks = cut(&recording("forms"), 1);
    stack.upload(session, 0, &chunks[0]).await;
    let path = format!("/v1/sessions/{session}/identify");
    let body = Body::Text(names.to_string());
    let answer = stack.send(request(Method::POST, &path, key, body)).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    stack.settle().await;
}

/// Ada, a user of the company Acme.
async fn import(stack: &Stack) {
    let workspace = WorkspaceId::parse(WORKSPACE).unwrap();
    let organization = OrganizationId::of_first_workspace(&workspace);
    let mirror = Mirror::new(&stack.below.table, TABLE, test_support::master_key());
    let mirror = mirror.of(&organization, &workspace);
    let now = stack.clock.now();
    let company = Company {
        id: "1".to_owned(),
        company_id: Some("own-1".to_owned()),
        name: Some("Acme".to_owned()),
        plan: Some("Pro".to_owned()),
        ..Company::default()
    };
    let companies = mirror.companies();
    companies.put(&company, AsOf::at(now), KEPT).await.unwrap();
    for (id, is_user, user_id, email) in [
        ("c1", true, Some("7"), "ada@shop.example"),
        ("c2", true, Some("8"), "bob@shop.example"),
    ] {
        let contact = Contact {
            id: id.to_owned(),
            is_user,
            external_id: user_id.map(str::to_owned),
            email: Some(email.to_owned()),
            name: Some(format!("Name of {id}")),
            tags: vec!["t1".to_owned()],
            custom_attributes: [("seats".to_owned(), json!(12))].into_iter().collect(),
            ..Contact::default()
        };
        let contacts = mirror.contacts();
        contacts.put(&contact, AsOf::at(now), now).await.unwrap();
        let belongs = mirror.memberships();
        let set = belongs.set((id, "1"), true, AsOf::at(now), now);
        set.await.unwrap();
    }
    let tag = Named {
        id: "t1".to_owned(),
        name: "VIP".to_owned(),
    };
    mirror.vocabulary().put_tags(&[tag], now).await.unwrap();
}

#[tokio::test]
async fn somebody_is_the_same_by_every_name_and_by_their_id() {
    let stack = Stack::start().await;
    import(&stack).await;
    let names = json!({ "user_id": "7", "email": "ada@shop.example" });
    record(&stack, "s-1", SECRET_KEY, &names).await;
    let shown = show(&stack, "/v1/people?user_id=7").await;
    let id = shown["person"]["person_id"].as_str().unwrap();
    assert!(id.starts_with("v_"), "{shown}");
    assert_eq!(shown["person"]["verified"], true);
    let aliases = json!([
        { "kind": "user_id", "value": "7", "verified": true },
        { "kind": "email", "value": "ada@shop.example", "verified": true },
    ]);
    assert_eq!(shown["aliases"], aliases);
    for (field, expected) in [
        ("contact_id", json!("c1")),
        ("role", json!("user")),
        ("user_id", json!("7")),
        ("name", json!("Name of c1")),
        ("tags", json!(["VIP"])),
        ("custom_attributes", json!({ "seats": 12 })),
        ("claimed", json!(false)),
        (
            "url",
            json!("https://app.eu.intercom.com/a/apps/acme/users/c1"),
        ),
    ] {
        assert_eq!(shown["contact"][field], expected, "{field}: {shown}");
    }
    assert_eq!(shown["companies"][0]["company_id"], "own-1");
    assert_eq!(shown["companies"][0]["plan"], "Pro");
    let session = &shown["sessions"][0];
    assert_eq!(session["session_id"], "s-1");
    assert_eq!(session["claimed"], false);
    assert_eq!(
        session["duration_ms"],
        stack.summary("s-1").await["duration_ms"]
    );
    for path in [
        "/v1/people?email=Ada%40shop.example".to_owned(),
        "/v1/people?contact_id=c1".to_owned(),
        format!("/v1/people/{id}"),
    ] {
        assert_eq!(show(&stack, &path).await, shown, "{path}");
    }
}

#[tokio::test]
async fn a_contact_who_was_never_recorded_is_found_by_intercoms_id_and_names() {
    let stack = Stack::start().await;
    import(&stack).await;
    for path in [
        "/v1/people?user_id=8",
        "/v1/people?contact_id=c2",
        "/v1/people/c2",
    ] {
        let shown = show(&stack, path).await;
        assert_eq!(shown["person"]["person_id"], "c2", "{path}");
        assert_eq!(shown["contact"]["email"], "bob@shop.example");
        assert_eq!(shown["sessions"], json!([]));
        assert_eq!(shown["aliases"][0]["value"], "8");
    }
}

#[tokio::test]
async fn somebody_of_whom_intercom_knows_nothing_has_no_contact() {
    let stack = Stack::start().await;
    record(&stack, "s-1", SECRET_KEY, &json!({ "user_id": "9" })).await;
    let shown = show(&stack, "/v1/people?user_id=9").await;
    assert_eq!(shown["contact"], Value::Null);
    assert_eq!(shown["companies"], json!([]));
    assert_eq!(shown["sessions"][0]["session_id"], "s-1");
}

#[tokio::test]
async fn a_session_stands_on_the_time_line_of_its_contact_with_its_problems() {
    let stack = Stack::start().await;
    import(&stack).await;
    let workspace = WorkspaceId::parse(WORKSPACE).unwrap();
    let organization = OrganizationId::of_first_workspace(&workspace);
    let mirror = Mirror::new(&stack.below.table, TABLE, test_support::master_key());
    let mirror = mirror.of(&organization, &workspace);
    mirror.choose(&Choices::everything()).await.unwrap();
    let chunks = cut(&recording("forms"), 1);
    stack.identify("s-1", &json!({ "user_id": "7" })).await;
    stack.upload("s-1", 0, &chunks[0]).await;
    stack.settle().await;
    let summary = stack.summary("s-1").await;
    let problems = summary["problems"].as_array().unwrap().iter();
    let problems: Vec<_> = problems
        .map(|problem| problem["fingerprint"].as_str().unwrap())
        .collect();
    assert!(!problems.is_empty(), "{summary}");
    let now = stack.clock.now();
    let moments = mirror.moments();
    let moments = moments.of_contact("c1", MomentKind::Session, None, 9, now);
    let moments = moments.await.unwrap();
    let [moment] = &moments[..] else {
        panic!("{} moments", moments.len())
    };
    let What::Session(session) = &moment.what else {
        panic!("{}", moment.id)
    };
    assert_eq!(session.problems, problems);
}

#[tokio::test]
async fn what_anybody_may_have_said_is_marked_and_leads_to_nobody_elses_sessions() {
    let stack = Stack::start().await;
    import(&stack).await;
    record(&stack, "s-1", SECRET_KEY, &json!({ "user_id": "7" })).await;
    record(&stack, "s-2", WRITE_KEY, &json!({ "user_id": "7" })).await;
    let shown = show(&stack, "/v1/people?user_id=7").await;
    let sessions: Vec<_> = shown["sessions"].as_array().unwrap().iter().collect();
    let told: Vec<_> = sessions
        .iter()
        .map(|session| {
            let id = session["session_id"].as_str().unwrap();
            (id, session["claimed"].as_bool().unwrap())
        })
        .collect();
    assert_eq!(told, [("s-1", false), ("s-2", true)]);
    // One at a time they are the same.
    let first = show(&stack, "/v1/people?user_id=7&limit=1").await;
    assert_eq!(first["sessions"][0], *sessions[0]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = format!("/v1/people?user_id=7&limit=1&cursor={cursor}");
    let second = show(&stack, &second).await;
    assert_eq!(second["sessions"][0], *sessions[1]);
    assert_eq!(second["next_cursor"], Value::Null);

    // Whoever only claims to be Bob.
    record(&stack, "s-3", WRITE_KEY, &json!({ "user_id": "8" })).await;
    let claimed = show(&stack, "/v1/people?user_id=8").await;
    let id = claimed["person"]["person_id"].as_str().unwrap();
    let claimed = show(&stack, &format!("/v1/people/{id}")).await;
    assert_eq!(claimed["person"]["verified"], false, "{claimed}");
    assert_eq!(claimed["aliases"][0]["verified"], false);
    assert_eq!(claimed["contact"]["contact_id"], "c2");
    assert_eq!(claimed["contact"]["claimed"], true);
    assert_eq!(claimed["sessions"][0]["claimed"], true);
}

#[tokio::test]
async fn it_takes_the_secret_key_and_stays_within_its_organization() {
    let stack = Stack::start().await;
    import(&stack).await;
    let names = json!({ "user_id": "7", "email": "ada@shop.example" });
    record(&stack, "s-1", SECRET_KEY, &names).await;
    let shown = show(&stack, "/v1/people?user_id=7").await;
    let id = shown["person"]["person_id"].as_str().unwrap();
    let by_id = format!("/v1/people/{id}");
    for (path, key, status, code) in [
        ("/v1/people?user_id=7", WRITE_KEY, 401, "secret_key_needed"),
        (&*by_id, WRITE_KEY, 401, "secret_key_needed"),
        (&by_id, "guessed", 401, "unknown_key"),
        (&by_id, OTHER_SECRET_KEY, 404, "unknown_person"),
        (
            "/v1/people?user_id=7",
            OTHER_SECRET_KEY,
            404,
            "unknown_person",
        ),
        (
            "/v1/people?contact_id=c1",
            OTHER_SECRET_KEY,
            404,
            "unknown_person",
        ),
        ("/v1/people/c1", OTHER_SECRET_KEY, 404, "unknown_person"),
        (
            "/v1/people?contact_id=c1&workspace_id=acme",
            OTHER_SECRET_KEY,
            404,
            "unknown_workspace",
        ),
        (
            "/v1/people?user_id=nobody",
            SECRET_KEY,
            404,
            "unknown_person",
        ),
        ("/v1/people/nobody", SECRET_KEY, 404, "unknown_person"),
        ("/v1/people", SECRET_KEY, 400, "no_alias"),
        (
            "/v1/people?email=a%40b.example&user_id=7",
            SECRET_KEY,
            400,
            "no_alias",
        ),
        ("/v1/people?email=ada", SECRET_KEY, 400, "bad_alias"),
        ("/v1/people?user_id=7&limit=0", SECRET_KEY, 400, "bad_limit"),
        (
            "/v1/people?user_id=7&cursor=x",
            SECRET_KEY,
            400,
            "bad_cursor",
        ),
        ("/v1/people/a%20b", SECRET_KEY, 400, "bad_person_id"),
        ("/v1/people/a/b", SECRET_KEY, 404, "unknown_route"),
    ] {
        let answer = get(&stack, path, key).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{path}");
        assert!(!answer.json.to_string().contains("ada@"), "{answer:?}");
    }
}
