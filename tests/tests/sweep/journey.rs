//! One journey through every door, without a fault, step by step.

mod arriving;
mod forgetting;
mod leaving;
mod recording;
mod telling;
mod tracked;
mod watching;

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::door::{Answer, Door, Sent, Service};
use crate::functions::ask;
use crate::intercom::refuse_tokens;
use crate::likeness::Outcome;
use crate::lines::Line;
use crate::snapshot::Snapshot;
use crate::world::World;

pub(crate) use arriving::{PAGE, sign_in_again};

/// One thing that was asked, what stood before it, and what it came to.
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) door: Door,
    /// What a browser asks for that has to begin anew, because the way that it came can be gone once.
    pub(crate) again: Option<Sent>,
    /// Whether Intercom refuses our token meanwhile.
    pub(crate) refuses_tokens: bool,
    pub(crate) before: Snapshot,
    pub(crate) outcome: Outcome,
}

/// Somebody on the way.
pub(crate) struct Journey<'a> {
    world: &'a World,
    steps: Vec<Step>,
    /// The browser's, by name.
    cookies: BTreeMap<String, String>,
    again: Option<Sent>,
    refuses_tokens: bool,
}

/// The keys with which recorders and backends call.
pub(crate) struct Keys {
    pub(crate) write: String,
    pub(crate) secret: String,
}

/// Takes the whole journey.
pub(crate) async fn take(world: &World) -> Vec<Step> {
    let mut journey = Journey {
        world,
        steps: Vec::new(),
        cookies: BTreeMap::new(),
        again: None,
        refuses_tokens: false,
    };
    let keys = arriving::arrive(&mut journey).await;
    recording::record(&mut journey, &keys).await;
    telling::tell(&mut journey).await;
    telling::fail(&mut journey).await;
    telling::reconcile(&mut journey).await;
    tracked::track(&mut journey, &keys).await;
    watching::look_at_the_panel(&mut journey).await;
    watching::look_at_pages(&mut journey).await;
    forgetting::forget(&mut journey, &keys).await;
    leaving::leave(&mut journey).await;
    journey.steps
}

impl Journey<'_> {
    /// Asks for something, and goes on from what it comes to.
    pub(crate) async fn step(&mut self, name: &str, door: Door) -> Answer {
        refuse_tokens(&self.world.fake, self.refuses_tokens);
        let before = self.world.snapshot().await;
        let answer = Box::pin(ask(self.world, &door)).await;
        let after = self.world.snapshot().await;
        self.steps.push(Step {
            name: name.to_owned(),
            door,
            again: self.again.take(),
            refuses_tokens: self.refuses_tokens,
            before,
            outcome: Outcome {
                answer: answer.clone(),
                after,
            },
        });
        answer
    }

    pub(crate) fn later(&mut self, by: SignedDuration) {
        self.world.clock.advance(by);
    }

    /// Sends a request with the browser's cookies, and keeps those that it is given.
    pub(crate) async fn browse(&mut self, name: &str, service: Service, mut sent: Sent) -> Answer {
        let cookies = self.cookies.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            sent.headers.push(("cookie", cookies.join("; ")));
        }
        let answer = self.step(name, Door::Request(service, sent)).await;
        self.keep_cookie(&answer);
        answer
    }

    pub(crate) async fn get(&mut self, name: &str, service: Service, target: &str) -> Answer {
        self.browse(name, service, get(target)).await
    }

    /// Sends a form from a page of ours.
    pub(crate) async fn post(
        &mut self,
        name: &str,
        service: Service,
        target: &str,
        fields: &[(String, String)],
    ) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let sent = Sent {
            method: "POST",
            target: target.to_owned(),
            headers: vec![
                (
                    "content-type",
                    "application/x-www-form-urlencoded".to_owned(),
                ),
                ("sec-fetch-site", "same-origin".to_owned()),
            ],
            body: form.finish().into_bytes(),
        };
        self.browse(name, service, sent).await
    }

    /// Has a batch of a queue worked on.
    pub(crate) async fn batch(&mut self, name: &str, line: Line) -> Answer {
        self.step(name, Door::Batch(line)).await
    }

    /// Has everything on a queue worked on that comes within this time, batch by batch.
    pub(crate) async fn settle(&mut self, name: &str, line: Line, within: SignedDuration) {
        let end = self.world.clock.now() + within;
        while let Some((next, _)) = self
            .world
            .lines
            .next(Some(line))
            .filter(|(next, _)| *next <= end)
        {
            let wait = next.duration_since(self.world.clock.now());
            self.later(wait.max(SignedDuration::ZERO));
            let answer = self.batch(name, line).await;
            assert!(answer.is_success, "{name}: {answer:?}");
        }
    }

    fn keep_cookie(&mut self, answer: &Answer) {
        for cookie in answer.cookies() {
            self.keep(cookie);
        }
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        match cookie.contains("Max-Age=0") {
            true => self.cookies.remove(name),
            false => self.cookies.insert(name.to_owned(), value.to_owned()),
        };
    }
}

/// A request for a page.
pub(crate) fn get(target: &str) -> Sent {
    Sent {
        method: "GET",
        target: target.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// The hidden fields of the form of a page that is sent to this path; of several, of the first that holds
/// these fields.
pub(crate) fn form(page: &Answer, path: &str, given: &[(&str, &str)]) -> Vec<(String, String)> {
    let opening = format!(r#"action="{path}""#);
    let forms = page.body.split("<form").skip(1);
    let forms = forms.filter(|form| form.contains(&opening));
    let mut forms = forms.map(|form| hidden(form.split("</form>").next().unwrap()));
    let holds = |form: &Vec<(String, String)>, name: &str, value: &str| {
        form.iter()
            .any(|(field, written)| field == name && written == value)
    };
    let wanted = forms.find(|form| given.iter().all(|(name, value)| holds(form, name, value)));
    wanted.unwrap_or_else(|| panic!("no form for {path} with {given:?}"))
}

fn hidden(form: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!("{name}=\""))?.1;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let tags = form.split(r#"<input type="hidden""#).skip(1);
    tags.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect()
}

/// A field of a form.
pub(crate) fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
