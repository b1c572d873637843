//! An admin writes to people from our pages.

use http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use http::{Request, Response};
use intercom::fake::Fault;
use url::form_urlencoded;

use crate::connection::attribute;
use crate::deployment::Deployment;

const CONVERSATION: &str = "/conversations/of-user";
const REPLY: &str = "/conversations/of-user/reply";

/// A reply that Intercom refuses at first: the form is sent once more, and what it says is on the page.
pub(crate) fn an_admin_replies(deployment: &mut Deployment, session: &str) {
    let form = form(&see(deployment, session));
    let forbidden = Fault::refusal(403, "action_forbidden");
    deployment.intercom.fail_once(REPLY, forbidden);
    let refused = reply(deployment, session, &form, 422);
    assert!(text(&refused).contains("Nothing was sent"));
    let sent = reply(deployment, session, &form, 303);
    let place = sent.headers()[LOCATION].to_str().unwrap();
    assert_eq!(place, format!("{CONVERSATION}?done=sent#reply"));
    assert!(see(deployment, session).contains("It is on its way."));
}

fn reply(
    deployment: &mut Deployment,
    session: &str,
    form: &[(String, String)],
    status: u16,
) -> Response<Vec<u8>> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    body.append_pair("text", "It is on its way.");
    let request = Request::post(REPLY)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, session)
        .body(body.finish().into_bytes())
        .unwrap();
    deployment.function("accounts").exchange(&request, status)
}

/// The hidden fields of the form that replies.
fn form(page: &str) -> Vec<(String, String)> {
    let mut forms = page.split("<form");
    let form = forms.find(|form| form.contains(&format!("\"{REPLY}\"")));
    let inputs = form.unwrap().split("<input type=\"hidden\"").skip(1);
    inputs
        .map(|input| (attribute(input, "name"), attribute(input, "value")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn see(deployment: &mut Deployment, session: &str) -> String {
    let request = Request::get(CONVERSATION).header(COOKIE, session);
    let request = request.body(Vec::new()).unwrap();
    text(&deployment.function("accounts").exchange(&request, 200))
}

fn text(answer: &Response<Vec<u8>>) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}
