//! The journey passes by no door: what the product can be asked is read from the product.

use std::collections::BTreeSet;

use intercom::webhook::{Envelope, Topic};
use notification::Worker;
use serde::de::DeserializeOwned;
use serde_json::Value;
use settings::Action;
use tasks::{EraseTask, SummarizeTask};
use test_support::Function;

use crate::door::{Door, Sent, Service};
use crate::journey::{self, PAGE, Step};
use crate::lines::Line;
use crate::world::World;

#[tokio::test]
async fn the_journey_goes_through_every_door() {
    let world = World::new().await;
    let steps = journey::take(&world).await;

    let functions: BTreeSet<_> = steps.iter().map(|step| step.door.function()).collect();
    for Function { name, .. } in Function::all() {
        assert!(functions.contains(&*name), "nothing is asked of {name}");
    }
    let topics: BTreeSet<_> = requests(&steps, Service::VerifyWebhook)
        .filter_map(|sent| Envelope::parse(&sent.body).ok())
        .map(|envelope| envelope.topic)
        .collect();
    for topic in Topic::ALL {
        assert!(
            topics.contains(topic.as_str()),
            "Intercom tells of no {topic:?}"
        );
    }
    for worker in Worker::ALL {
        let is_there =
            |step: &Step| matches!(step.door, Door::Batch(Line::Topic(of)) if of == worker);
        assert!(steps.iter().any(is_there), "{worker:?} has nothing to do");
    }
    for action in Action::ALL {
        let path = action.path();
        let is_done = requests(&steps, Service::Settings)
            .any(|sent| sent.method == "POST" && sent.target == path);
        assert!(path.starts_with(PAGE) && is_done, "{action:?} is not done");
    }
    for (service, routes) in [
        (Service::Record, &record::ROUTES[..]),
        (Service::Accounts, &accounts::ROUTES[..]),
        (Service::Collect, &collect::ROUTES[..]),
        (Service::Rest, &rest::ROUTES[..]),
        (Service::Sessions, &sessions::ROUTES[..]),
    ] {
        for (method, path) in routes {
            let mut requests = requests(&steps, service);
            let is_asked = requests.any(|sent| sent.method == *method && leads_to(path, sent));
            assert!(is_asked, "{method} {path} of {service:?} is not asked for");
        }
    }
    for (line, kinds) in [
        (Line::Summarize, kinds::<SummarizeTask>()),
        (Line::Erase, kinds::<EraseTask>()),
    ] {
        let done = messages(&steps, line);
        for kind in kinds {
            assert!(done.contains(&kind), "no {kind} on the way: {done:?}");
        }
    }
}

fn requests(steps: &[Step], wanted: Service) -> impl Iterator<Item = &Sent> {
    steps.iter().filter_map(move |step| match &step.door {
        Door::Request(service, sent) if *service == wanted => Some(sent),
        _ => None,
    })
}

/// Whether a path with names in braces is the one that a request asks for. A name that is written out comes
/// first.
fn leads_to(pattern: &str, sent: &Sent) -> bool {
    let path = sent.target.split('?').next().unwrap();
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    let fits = |(pattern, part): (&&str, &&str)| pattern.starts_with('{') || pattern == part;
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}

/// The kinds of the messages that were on a queue when a batch of it was worked on.
fn messages(steps: &[Step], line: Line) -> BTreeSet<String> {
    let worked = steps
        .iter()
        .filter(|step| matches!(step.door, Door::Batch(of) if of == line));
    let bodies = worked.flat_map(|step| step.before.messages[&line].iter());
    let kinds = bodies.map(|message| serde_json::from_str::<Value>(&message.body).unwrap());
    kinds
        .map(|body| body["type"].as_str().unwrap().to_owned())
        .collect()
}

/// The kinds of messages that a task can be, as what reads them names them to whoever sends another one.
fn kinds<T: DeserializeOwned>() -> Vec<String> {
    let refused = serde_json::from_str::<T>(r#"{"type":"?"}"#);
    let refused = refused.err().unwrap().to_string();
    let (_, expected) = refused.split_once("expected").unwrap();
    let kinds: Vec<_> = expected
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert!(!kinds.is_empty(), "{refused}");
    kinds
}
