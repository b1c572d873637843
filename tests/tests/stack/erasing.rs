//! Somebody is forgotten: asked for by a backend, and by an admin who looks at their page.

use http::header::COOKIE;
use http::{Method, Request};
use serde_json::json;
use url::form_urlencoded;

use crate::connection;
use crate::deployment::{Deployment, EMAIL, SECRET_KEY, WRITE_KEY};
use crate::mapping;
use crate::recording::{self, SESSION};

pub(crate) async fn whoever_a_backend_names_is_erased_for_good(deployment: &mut Deployment) {
    let encoded: String = form_urlencoded::byte_serialize(EMAIL.as_bytes()).collect();
    let path = format!("/v1/people?email={encoded}");
    let erase = |deployment: &mut Deployment, key: &str, status| {
        let request = Request::delete(&path)
            .header("Authorization", format!("Bearer {key}"))
            .body(Vec::new())
            .unwrap();
        deployment.function("record").request(&request, status)
    };
    erase(deployment, WRITE_KEY, 401);
    recording::summary(deployment, SESSION);
    erase(deployment, SECRET_KEY, 202);
    mapping::serve(deployment.function("erase")).await;
    deployment.record(Method::GET, SESSION, SECRET_KEY, Vec::new(), 404);
    recording::a_late_chunk_is_refused(deployment, SESSION);
}

pub(crate) async fn whoever_an_admin_looks_at_is_erased_for_good(
    deployment: &mut Deployment,
    session: &str,
) {
    let settings = connection::settings(deployment, session);
    let (_, rest) = settings.split_once("rk_write_").unwrap();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
    let key = format!("rk_write_{}", &rest[..end.unwrap()]);
    recording::record(deployment, "u-1", &key, &json!({ "user_id": "7" })).await;

    let list = get(deployment, "/sessions", session);
    let (_, rest) = list.split_once("\"/people/").unwrap();
    let person = format!("/people/{}", rest.split_once('"').unwrap().0);
    let page = get(deployment, &person, session);
    let (_, content) = page.split_once("</header>").unwrap();
    let (_, form) = content.split_once("name=\"csrf\" value=\"").unwrap();
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("csrf", form.split_once('"').unwrap().0)
        .append_pair("confirmed", "yes")
        .finish();
    let request = Request::post(format!("{person}/erase"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header(COOKIE, session)
        .body(body.into_bytes())
        .unwrap();
    deployment.function("sessions").exchange(&request, 202);
    mapping::serve(deployment.function("erase")).await;
    let list = get(deployment, "/sessions", session);
    assert!(!list.contains("/people/"), "{list}");
}

fn get(deployment: &mut Deployment, path: &str, session: &str) -> String {
    let request = Request::get(path)
        .header(COOKIE, session)
        .body(Vec::new())
        .unwrap();
    let answer = deployment.function("sessions").exchange(&request, 200);
    String::from_utf8_lossy(answer.body()).into_owned()
}
