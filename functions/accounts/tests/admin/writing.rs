//! Admins reply and begin conversations: at Intercom once, in the mirror at once, and told in one sentence
//! where it does not work.

use intercom::Region;
use intercom::fake::{Author, FakeContact, FakeConversation, Fault, Message, Role};
use intercom::oauth::AccessToken;
use lambda_http::Body;
use lambda_http::http::Request;
use lambda_http::http::header::LOCATION;
use mirror::{AsOf, Choices, Company, Contact, from_intercom};

use crate::accounts_pages::{KEPT, of};
use crate::{Admin, connect};

const REPLY: &str = "/conversations/v1/reply";
const MESSAGE: &str = "/companies/1/people/c1/message";

/// The hidden fields of a form, and who was shown it.
struct Form {
    csrf: String,
    name: String,
    cookie: String,
}

/// What came of a form.
struct Answered {
    status: u16,
    location: String,
    page: String,
}

impl Admin {
    async fn post(
        &self,
        (target, cookie): (&str, &str),
        fields: &[(&str, &str)],
        site: &str,
    ) -> Answered {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = Request::builder()
            .method("POST")
            .uri(format!("https://app.example.com{target}"))
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site)
            .body(Body::Text(body.finish()))
            .unwrap();
        let response = accounts::handle(&self.state, request).await;
        let location = response.headers().get(LOCATION);
        Answered {
            status: response.status().as_u16(),
            location: location.map_or(String::new(), |at| at.to_str().unwrap().to_owned()),
            page: String::from_utf8_lossy(response.body()).into_owned(),
        }
    }

    /// The form that a page shows.
    async fn form(&self, target: &str) -> Form {
        let cookie = self.cookie(&self.connection);
        let (status, page) = self.ask("GET", target, &cookie).await;
        assert_eq!(status, 200, "{page}");
        // The first form of a page is the one that signs out.
        let hidden = |name: &str| {
            let field = format!("name=\"{name}\" value=\"");
            let after = page.rsplit(&field).next();
            let value = after.and_then(|after| after.split('"').next());
            value.unwrap().to_owned()
        };
        Form {
            csrf: hidden("csrf"),
            name: hidden("form"),
            cookie,
        }
    }

    async fn submit(&self, target: &str, form: &Form, written: &[(&str, &str)]) -> Answered {
        let mut fields = vec![("csrf", &*form.csrf), ("form", &*form.name)];
        fields.extend(written);
        self.post((target, &form.cookie), &fields, "same-origin")
            .await
    }

    /// A workspace whose conversation `v1` and whose contact `c1` of the company `1` are imported.
    async fn writing() -> Self {
        let admin = Self::start().await;
        let now = admin.stack.now();
        let contact = FakeContact {
            name: Some("Ada".to_owned()),
            email: Some("ada@b.example".to_owned()),
            ..FakeContact::new("c1".to_owned(), Role::User, now)
        };
        let added = admin.stack.intercom.write("shop", |directory| {
            directory.add_conversation(FakeConversation {
                messages: vec![Message {
                    from: Author::Contact,
                    text: "It does nothing".to_owned(),
                    at: now,
                }],
                ..FakeConversation::new("v1".to_owned(), contact)
            });
        });
        added.unwrap();
        let mirror = admin.mirror();
        let here = of(&mirror, &admin.connection);
        let choices = Choices::everything();
        here.choose(&choices).await.unwrap();
        let (company, contact) = (
            Company {
                id: "1".to_owned(),
                name: Some("Acme".to_owned()),
                ..Company::default()
            },
            Contact {
                id: "c1".to_owned(),
                is_user: true,
                name: Some("Ada".to_owned()),
                email: Some("ada@b.example".to_owned()),
                ..Contact::default()
            },
        );
        let as_of = AsOf::at(now);
        here.companies().put(&company, as_of, KEPT).await.unwrap();
        here.contacts().put(&contact, as_of, now).await.unwrap();
        let belongs = here.memberships().set(("c1", "1"), true, as_of, now).await;
        belongs.unwrap();
        admin.seat(true).await;
        admin.import("v1").await;
        admin
    }

    /// Whether whoever is signed in may write, as the mirror has it.
    async fn seat(&self, has_inbox_seat: bool) {
        let mirror = self.mirror();
        let here = of(&mirror, &self.connection);
        let writer = self.connection.connected_by.clone().unwrap();
        let admins = [mirror::Admin {
            id: writer.admin_id,
            name: writer.name,
            has_inbox_seat,
        }];
        self.pass_seconds(1);
        let put = here.vocabulary().put_admins(&admins, self.stack.now());
        put.await.unwrap();
    }

    fn pass_seconds(&self, seconds: i64) {
        let passed = jiff::SignedDuration::from_secs(seconds);
        self.stack.clock.advance(passed);
    }

    /// Mirrors a conversation as whoever hears of it from Intercom does.
    async fn import(&self, id: &str) {
        let region = Region::parse(self.connection.region.as_str());
        let token = AccessToken::parse("token-of-shop").unwrap();
        let read = self.state.intercom.conversation(region, &token, id).await;
        let said = read.unwrap().value.unwrap();
        let (conversation, parts) = from_intercom::conversation(&said).ok().unwrap();
        let now = self.stack.now();
        let as_of = AsOf::new(conversation.updated_at, now);
        let mirror = self.mirror();
        let conversations = of(&mirror, &self.connection);
        let conversations = conversations.conversations();
        let put = conversations.put((&conversation, &parts), as_of, KEPT, now);
        put.await.unwrap();
    }

    /// Ids of the parts of a conversation in the mirror.
    async fn parts(&self, id: &str) -> Vec<String> {
        let mirror = self.mirror();
        let here = of(&mirror, &self.connection);
        let parts = here.conversations().parts(id, self.stack.now()).await;
        parts.unwrap().into_iter().map(|part| part.id).collect()
    }

    /// How often Intercom was asked to write.
    fn writes(&self, path: &str) -> usize {
        self.stack.intercom.calls_of(path).len()
    }
}

#[tokio::test]
async fn a_reply_is_at_intercom_once_and_here_at_once_and_the_same_after_the_webhook() {
    let admin = Admin::writing().await;
    let before = admin.parts("v1").await;
    let form = admin.form("/conversations/v1").await;
    admin.pass_seconds(5);
    let written = [
        ("text", "1 < 2,\nisn't it?"),
        ("files", "https://files.example/1.png"),
    ];
    let sent = admin.submit(REPLY, &form, &written).await;
    assert_eq!(
        (sent.status, &*sent.location),
        (303, "/conversations/v1?done=sent#reply"),
        "{}",
        sent.page
    );
    let page = admin.see("/conversations/v1?done=sent").await;
    for said in ["Sent.", "1 &#60; 2,", "isn&#39;t it?"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let after = admin.parts("v1").await;
    assert_eq!(after.len(), before.len() + 1);
    admin.import("v1").await;
    assert_eq!(admin.parts("v1").await, after);

    let again = admin.submit(REPLY, &form, &written).await;
    assert_eq!(again.location, "/conversations/v1?done=already#reply");
    assert_eq!(admin.writes(REPLY), 1);
}

#[tokio::test]
async fn what_intercom_may_have_got_is_not_sent_again() {
    for fault in [
        Fault::refusal(500, "server_error"),
        Fault::text(200, "no JSON"),
    ] {
        let admin = Admin::writing().await;
        let form = admin.form("/conversations/v1").await;
        admin.stack.intercom.fail_once(REPLY, fault);
        let lost = admin.submit(REPLY, &form, &[("text", "Hello")]).await;
        assert_eq!(lost.status, 422);
        assert!(lost.page.contains("look in Intercom"), "{}", lost.page);
        assert!(lost.page.contains(">Hello</textarea>"), "{}", lost.page);
        let again = admin.submit(REPLY, &form, &[("text", "Hello")]).await;
        assert_eq!(again.location, "/conversations/v1?done=perhaps#reply");
        assert_eq!(admin.writes(REPLY), 1);
    }
}

#[tokio::test]
async fn each_refusal_is_said_in_a_sentence_and_the_form_can_be_sent_then() {
    let admin = Admin::writing().await;
    let form = admin.form("/conversations/v1").await;
    let until = admin.stack.now() + jiff::SignedDuration::from_secs(10);
    let refusals = [
        (Fault::full(until), "try again in ten seconds"),
        (
            Fault::refusal(402, "api_plan_restricted"),
            "Your plan at Intercom",
        ),
        (Fault::refusal(403, "forbidden"), "lacks the permission"),
        (Fault::refusal(403, "action_forbidden"), "no seat"),
        (Fault::refusal(404, "not_found"), "not there any more"),
        (Fault::refusal(400, "parameter_invalid"), "does not take"),
    ];
    let tried = refusals.len();
    for (fault, sentence) in refusals {
        admin.stack.intercom.fail_once(REPLY, fault);
        let refused = admin.submit(REPLY, &form, &[("text", "Hello")]).await;
        assert_eq!(refused.status, 422, "{sentence}");
        let page = refused.page;
        assert!(page.contains(sentence), "{sentence}: {page}");
        assert!(page.to_lowercase().contains("nothing was sent"), "{page}");
    }
    let sent = admin.submit(REPLY, &form, &[("text", "Hello")]).await;
    assert_eq!(sent.location, "/conversations/v1?done=sent#reply");
    assert_eq!(admin.writes(REPLY), tried + 1);
}

#[tokio::test]
async fn only_our_own_form_of_somebody_with_a_seat_is_sent() {
    let admin = Admin::writing().await;
    let form = admin.form("/conversations/v1").await;
    let csrf = ("csrf", &*form.csrf);
    let name = ("form", &*form.name);
    let text = ("text", "Hello");
    let other = admin.form(MESSAGE).await;
    for (fields, site, status) in [
        (vec![csrf, name, text], "cross-site", 403),
        (vec![name, text], "same-origin", 403),
        (vec![csrf, text], "same-origin", 403),
        (vec![csrf, ("form", "x/y"), text], "same-origin", 403),
        (vec![("csrf", &*other.csrf), name, text], "same-origin", 403),
        (vec![csrf, name], "same-origin", 422),
        (
            vec![csrf, name, text, ("files", "http://a.example")],
            "same-origin",
            422,
        ),
    ] {
        let refused = admin.post((REPLY, &form.cookie), &fields, site).await;
        assert_eq!(refused.status, status, "{fields:?}: {}", refused.page);
    }
    admin.seat(false).await;
    let refused = admin.submit(REPLY, &form, &[text]).await;
    assert!(refused.page.contains("you have none"), "{}", refused.page);
    let rival = connect(&admin.stack, "rival").await;
    let (status, _) = admin.ask("GET", MESSAGE, &admin.cookie(&rival)).await;
    assert_eq!(status, 404);
    assert_eq!(admin.writes(REPLY), 0);
}

#[tokio::test]
async fn a_conversation_begins_in_the_messenger_and_is_here_at_once() {
    let admin = Admin::writing().await;
    let company = admin.see("/companies/1").await;
    assert!(
        company.contains(&format!("href=\"{MESSAGE}\"")),
        "{company}"
    );
    let form = admin.form(MESSAGE).await;
    let written = [("channel", "inapp"), ("text", "How is it going?")];
    let sent = admin.submit(MESSAGE, &form, &written).await;
    assert_eq!(sent.status, 303, "{}", sent.page);
    let place = sent.location.split('?').next().unwrap().to_owned();
    let page = admin.see(&place).await;
    assert!(page.contains("How is it going?"), "{page}");
    let id = place.rsplit('/').next().unwrap();
    let parts = admin.parts(id).await;
    admin.import(id).await;
    assert_eq!(admin.parts(id).await, parts);
    let again = admin.submit(MESSAGE, &form, &written).await;
    assert_eq!(again.location, format!("{place}?done=already#reply"));
    assert_eq!(admin.writes("/messages"), 1);
}

#[tokio::test]
async fn an_email_needs_a_subject_and_somebody_who_wants_it() {
    let admin = Admin::writing().await;
    let form = admin.form(MESSAGE).await;
    let email = [("channel", "email"), ("text", "Hello")];
    let refused = admin.submit(MESSAGE, &form, &email).await;
    assert_eq!(refused.status, 422);
    assert!(refused.page.contains("needs a subject"), "{}", refused.page);
    let whole = [email[0], email[1], ("subject", "Your button")];
    let sent = admin.submit(MESSAGE, &form, &whole).await;
    // What we began by e-mail is imported when they answer.
    assert_eq!(sent.location, format!("{MESSAGE}?done=begun"));
    let page = admin.see(&sent.location).await;
    assert!(page.contains("The conversation is in Intercom"), "{page}");

    let unsubscribed = admin.stack.intercom.write("shop", |directory| {
        directory.update("c1", |contact| contact.unsubscribed_from_emails = true);
    });
    unsubscribed.unwrap();
    let form = admin.form(MESSAGE).await;
    let refused = admin.submit(MESSAGE, &form, &whole).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.page.contains("wants no e-mails"),
        "{}",
        refused.page
    );
}
