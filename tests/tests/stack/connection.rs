//! A workspace from its first authorization to its end.

use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{Request, Response};
use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::deployment::{CLIENT_SECRET, Deployment};
use crate::intercom::{CODE, WORKSPACE};

const PAGE: &str = "/settings/integrations/intercom";

pub(crate) fn a_workspace_is_connected_seen_to_and_uninstalled(deployment: &mut Deployment) {
    // Shown right here, once: the first secret key.
    let (session, page) = connect(deployment, 200);
    assert!(page.contains("rk_secret_"), "{page}");
    let page = settings(deployment, &session);
    assert!(page.contains("Umbrella"), "{page}");
    let healthy = installation(deployment, "health", &json!({ "workspace_id": WORKSPACE }));
    assert_eq!(healthy["state"], "OK", "{healthy}");

    let preferences = [("retention_days", "90"), ("sessions_in_list", "3")];
    prefer(deployment, &session, &preferences);
    act(deployment, &session, "keys", "write", &[]);
    let secret = [("platform", "web"), ("secret", "web-secret-1234")];
    act(deployment, &session, "identity", "platform", &secret);
    act(deployment, &session, "identity", "replaces", &[]);
    let session = act(deployment, &session, "disconnect", "csrf", &[]).unwrap();
    settings(deployment, &session);
    let gone = installation(deployment, "health", &json!({ "workspace_id": WORKSPACE }));
    assert_eq!(gone["state"], "UNHEALTHY", "{gone}");

    let (session, _) = connect(deployment, 303);
    deployment.intercom.uninstall(WORKSPACE);
    installation(deployment, "uninstall", &json!({ "app_id": WORKSPACE }));
    let page = settings(deployment, &session);
    assert!(page.contains("Sign in with Intercom"), "{page}");
}

/// Through Intercom to the settings page, which answers with the status: its cookie, and what it shows.
pub(crate) fn connect(deployment: &mut Deployment, status: u16) -> (String, String) {
    let answer = authorize(deployment, 303);
    let handover = parameter(&answer, "handover");
    let first = format!("{PAGE}?handover={handover}");
    let browser = cookie(&answer);
    let answer = deployment
        .function("settings")
        .exchange(&get(&first, &browser), status);
    let page = String::from_utf8_lossy(answer.body()).into_owned();
    (cookie(&answer), page)
}

/// Through Intercom and back, which is answered with the status.
pub(crate) fn authorize(deployment: &mut Deployment, status: u16) -> Response<Vec<u8>> {
    deployment.intercom.allow(WORKSPACE, CODE);
    let oauth = deployment.function("oauth-callback");
    let begun = oauth.exchange(&get("/install", ""), 303);
    let state = parameter(&begun, "state");
    let callback = format!("/oauth/callback?code={CODE}&state={state}");
    oauth.exchange(&get(&callback, &cookie(&begun)), status)
}

/// The page for a session.
pub(crate) fn settings(deployment: &mut Deployment, session: &str) -> String {
    let answer = deployment
        .function("settings")
        .exchange(&get(PAGE, session), 200);
    String::from_utf8_lossy(answer.body()).into_owned()
}

/// Changes these of the preferences.
pub(crate) fn prefer(deployment: &mut Deployment, session: &str, preferences: &[(&str, &str)]) {
    act(deployment, session, "preferences", "retention", preferences);
}

/// Sends the page's form for an action, the one that holds `mark`, with these fields beside the hidden ones.
/// The cookie that the answer sets, if it does.
pub(crate) fn act(
    deployment: &mut Deployment,
    session: &str,
    action: &str,
    mark: &str,
    fields: &[(&str, &str)],
) -> Option<String> {
    act_on(
        deployment,
        session,
        (PAGE, &format!("{PAGE}/{action}")),
        mark,
        fields,
    )
}

/// The same of another page.
pub(crate) fn act_on(
    deployment: &mut Deployment,
    session: &str,
    (page, action): (&str, &str),
    mark: &str,
    fields: &[(&str, &str)],
) -> Option<String> {
    let page = deployment
        .function("settings")
        .exchange(&get(page, session), 200);
    let page = String::from_utf8_lossy(page.body()).into_owned();
    let mut forms = page.split("<form");
    let form = forms.find(|form| form.contains(&format!("\"{action}\"")) && form.contains(mark));
    let mut body = form_urlencoded::Serializer::new(String::new());
    for input in form.unwrap().split("<input type=\"hidden\"").skip(1) {
        body.append_pair(attribute(input, "name"), attribute(input, "value"));
    }
    let body = body.extend_pairs(fields).finish();
    let request = Request::post(action)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header(COOKIE, session)
        .body(body.into_bytes())
        .unwrap();
    let answer = deployment.function("settings").exchange(&request, 303);
    let is_set = answer.headers().contains_key(SET_COOKIE);
    is_set.then(|| cookie(&answer))
}

/// What Intercom tells or asks; the answer.
fn installation(deployment: &mut Deployment, route: &str, body: &Value) -> Value {
    let body = body.to_string().into_bytes();
    let signature = sign_body(&ClientSecret::parse(CLIENT_SECRET).unwrap(), &body);
    let request = Request::post(format!("/{route}"))
        .header(BODY_SIGNATURE_HEADER, signature)
        .body(body)
        .unwrap();
    deployment.function("installation").request(&request, 200)
}

fn get(path: &str, cookie: &str) -> Request<Vec<u8>> {
    Request::get(path)
        .header(COOKIE, cookie)
        .body(Vec::new())
        .unwrap()
}

fn attribute<'a>(input: &'a str, name: &str) -> &'a str {
    let (_, rest) = input.split_once(&format!("{name}=\"")).unwrap();
    rest.split_once('"').unwrap().0
}

fn parameter(answer: &Response<Vec<u8>>, name: &str) -> String {
    let url = Url::parse(answer.headers()[LOCATION].to_str().unwrap()).unwrap();
    let found = url.query_pairs().find(|(found, _)| found == name);
    found.unwrap().1.into_owned()
}

/// The cookie that an answer sets, as it is brought back.
fn cookie(answer: &Response<Vec<u8>>) -> String {
    let mut cookies = answer.headers().get_all(SET_COOKIE).iter();
    let cookies = cookies.find_map(|cookie| {
        let cookie = cookie.to_str().unwrap();
        (!cookie.contains("Max-Age=0")).then_some(cookie)
    });
    let cookie = cookies
        .or(answer.headers()[SET_COOKIE].to_str().ok())
        .unwrap();
    cookie.split_once(';').unwrap().0.to_owned()
}
