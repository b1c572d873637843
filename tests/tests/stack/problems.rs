//! What went wrong for how many people: for backends, and for admins.

use http::Request;
use http::header::COOKIE;
use serde_json::Value;

use crate::deployment::{Deployment, SECRET_KEY, WRITE_KEY};
use crate::recording::{SESSION, summary};

pub(crate) fn a_backend_reads_what_went_wrong(deployment: &mut Deployment) {
    let fingerprint = summary(deployment, SESSION)["problems"][0]["fingerprint"].clone();
    let fingerprint = fingerprint.as_str().unwrap();
    let list = ask(deployment, "/v1/problems", SECRET_KEY, 200);
    let mut listed = list["data"].as_array().unwrap().iter();
    let listed = listed.find(|problem| problem["fingerprint"] == fingerprint);
    // The session that was forgotten at first had it as well.
    assert_eq!(listed.unwrap()["people"], 2, "{list}");
    let path = format!("/v1/problems/{fingerprint}");
    let problem = ask(deployment, &path, SECRET_KEY, 200);
    assert_eq!(problem["sessions"], 2, "{problem}");
    ask(deployment, &path, WRITE_KEY, 401);
    ask(deployment, "/v1/problems/0000000000000000", SECRET_KEY, 404);
}

/// The workspace is another one, in which nothing was recorded.
pub(crate) fn an_admin_sees_what_went_wrong(deployment: &mut Deployment, session: &str) {
    for (path, cookie, status) in [
        ("/problems", session, 200),
        ("/problems/0000000000000000", session, 404),
        ("/problems", "", 403),
    ] {
        let request = Request::get(path).header(COOKIE, cookie);
        let request = request.body(Vec::new()).unwrap();
        deployment.function("accounts").exchange(&request, status);
    }
}

fn ask(deployment: &mut Deployment, path: &str, key: &str, status: u16) -> Value {
    let request = Request::get(path).header("Authorization", format!("Bearer {key}"));
    let request = request.body(Vec::new()).unwrap();
    deployment.function("rest").request(&request, status)
}
