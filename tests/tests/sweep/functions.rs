//! The functions behind the doors. Each step meets an instance that has just started: what one remembers of
//! earlier requests would have seen what has been put back since. Their futures are boxed: together they are
//! more than the stack of a test holds.

use canvas::Views;
use collect::PublicAddress;
use jiff::SignedDuration;
use lambda_http::{Body, Request, Response};
use pages::addresses::Pages;

use crate::door::{Answer, Door, Service};
use crate::lines::{Line, Message, Which, event};
use crate::world::World;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use notification::Worker;

/// Asks what is asked.
pub(crate) async fn ask(world: &World, door: &Door) -> Answer {
    match door {
        Door::Request(service, sent) => Answer::of(&respond(world, *service, sent.request()).await),
        Door::Batch(line) => work(world, *line, Which::Due).await,
        Door::DeadLetters(line) => work(world, *line, Which::Dead).await,
        Door::Schedule(line) => strike(world, *line).await,
        Door::Resend(command) => {
            let resend = command.clone();
            let event = park_notification::Event::Resend { resend };
            let answer = Box::pin(park_notification::handle(&parking(world), event)).await;
            let body = serde_json::json!(answer.as_ref().ok());
            Answer::told(body["failed"] == 0, body.to_string())
        }
    }
}

/// Asks once more, as whoever was told of a failure does: a request is sent again, a queue delivers what
/// failed.
pub(crate) async fn ask_again(world: &World, door: &Door) -> Answer {
    match door {
        Door::Batch(line) => work(world, *line, Which::Failed).await,
        _ => ask(world, door).await,
    }
}

async fn strike(world: &World, line: Line) -> Answer {
    match line {
        Line::Reconcile => {
            let asked = Box::pin(reconcile::schedule(&reconciliation(world))).await;
            Answer::told(asked.is_ok(), format!("{asked:?}"))
        }
        Line::Summarize => {
            let asked = Box::pin(summarize::schedule(&summarizing(world))).await;
            Answer::told(asked.is_ok(), format!("{asked:?}"))
        }
        Line::Deliver => {
            let asked = Box::pin(deliver::schedule(&delivering(world))).await;
            Answer::told(asked.is_ok(), format!("{asked:?}"))
        }
        Line::Erase | Line::Topic(_) => panic!("{line:?} has no schedule"),
    }
}

async fn respond(world: &World, service: Service, request: Request) -> Response<Body> {
    let (store, secrets) = (world.store.clone(), world.secrets.clone());
    let (intercom, clock) = (world.intercom.clone(), world.clock.clone());
    let pages = Pages::on(&world.host());
    match service {
        Service::Accounts => {
            let state = accounts::State {
                store,
                mirror: world.mirror(),
                hosts: world.hosts.clone(),
                secrets,
                pages,
                clock,
            };
            Box::pin(accounts::handle(&state, request)).await
        }
        Service::Canvas => {
            let views = Views::counted(store.clone(), SignedDuration::ZERO);
            let state = canvas::State {
                store,
                secrets,
                pages,
                clock,
                views: views.clone(),
            };
            let response = Box::pin(canvas::handle(&state, request)).await;
            views.written().await;
            response
        }
        Service::Collect => {
            let (outbox, deliver) = (world.outbox(), world.queue(Line::Deliver));
            let address = PublicAddress::local();
            let state = collect::State::new(store, outbox, deliver, address, clock);
            Box::pin(collect::handle(&state, request)).await
        }
        Service::Installation => {
            let state = installation::State {
                store,
                secrets,
                intercom,
                settings: pages.settings,
                clock,
            };
            Box::pin(installation::handle(&state, request)).await
        }
        Service::OauthCallback => {
            let state = oauth_callback::State {
                store,
                secrets,
                intercom,
                hosts: world.hosts.clone(),
                settings: pages.settings,
                clock,
            };
            Box::pin(oauth_callback::handle(&state, request)).await
        }
        Service::Record => {
            let queues = record::Queues {
                summarize: world.queue(Line::Summarize),
                erase: world.queue(Line::Erase),
            };
            let state = record::State::new(world.recordings.clone(), queues, clock);
            Box::pin(record::handle(&state, request)).await
        }
        Service::Rest => {
            let rows = (store, world.outbox(), world.mirror());
            let deliver = world.queue(Line::Deliver);
            let state = rest::State::new(rows, deliver, world.hosts.clone(), clock);
            Box::pin(rest::handle(&state, request)).await
        }
        Service::Sessions => {
            let state = sessions::State {
                recordings: world.recordings.clone(),
                secrets,
                erase_queue: world.queue(Line::Erase),
                pages,
                last_chunk: sessions::LastChunk::default(),
                clock,
            };
            Box::pin(sessions::handle(&state, request)).await
        }
        Service::Settings => {
            let state = settings::State {
                store,
                secrets,
                intercom,
                queues: world.topics(),
                erase_queue: world.queue(Line::Erase),
                outbox: world.outbox(),
                deliver_queue: world.queue(Line::Deliver),
                addresses: settings::Addresses::on(&world.host(), world.hosts.clone()),
                clock,
            };
            Box::pin(settings::handle(&state, request)).await
        }
        Service::VerifyWebhook => {
            let state = verify_webhook::State {
                secrets,
                queues: world.topics(),
                clock,
            };
            Box::pin(verify_webhook::handle(&state, request)).await
        }
    }
}

/// Has a batch of a queue worked on.
async fn work(world: &World, line: Line, which: Which) -> Answer {
    let batch: Vec<Message> = world.lines.take(line, which, world.clock.now());
    assert!(!batch.is_empty(), "nothing is on {line:?}");
    let event = event(&batch);
    let response = match which {
        Which::Dead => Box::pin(park_notification::park(&parking(world), event)).await,
        Which::Due | Which::Failed => process(world, line, event).await,
    };
    let failures = response.batch_item_failures.len();
    world.lines.settle(line, batch, &response);
    Answer::told(failures == 0, format!("{failures} failed"))
}

async fn process(world: &World, line: Line, event: SqsEvent) -> SqsBatchResponse {
    let (recordings, queue) = (world.recordings.clone(), world.queue(line));
    match line {
        Line::Deliver => Box::pin(deliver::handle(&delivering(world), event)).await,
        Line::Summarize => Box::pin(summarize::handle(&summarizing(world), event)).await,
        Line::Erase => {
            let queues = erase::Queues {
                erase: queue,
                deliver: world.queue(Line::Deliver),
            };
            let stored = (recordings, world.outbox());
            let state = erase::State::new(stored, queues, world.clock.clone());
            Box::pin(erase::handle(&state, event)).await
        }
        Line::Reconcile => Box::pin(reconcile::work(&reconciliation(world), event)).await,
        Line::Topic(worker) => notified(world, worker, event).await,
    }
}

async fn notified(world: &World, worker: Worker, event: SqsEvent) -> SqsBatchResponse {
    let notification = notification::State {
        store: world.store.clone(),
        secrets: world.secrets.clone(),
        intercom: world.intercom.clone(),
        clock: world.clock.clone(),
    };
    let state = webhooks::State {
        notification,
        erase_queue: world.queue(Line::Erase),
    };
    Box::pin(webhooks::handle(&state, worker, event)).await
}

fn delivering(world: &World) -> deliver::State {
    let rows = (world.store.clone(), world.outbox());
    let (secrets, intercom) = (world.secrets.clone(), world.intercom.clone());
    let queue = world.queue(Line::Deliver);
    deliver::State::new(rows, secrets, intercom, queue, world.clock.clone())
}

fn summarizing(world: &World) -> summarize::State {
    let (recordings, queue) = (world.recordings.clone(), world.queue(Line::Summarize));
    summarize::State::new(recordings, queue, world.clock.clone())
}

fn reconciliation(world: &World) -> reconcile::State {
    reconcile::State {
        store: world.store.clone(),
        secrets: world.secrets.clone(),
        intercom: world.intercom.clone(),
        queue: world.queue(Line::Reconcile),
        clock: world.clock.clone(),
    }
}

fn parking(world: &World) -> park_notification::State {
    park_notification::State {
        store: world.store.clone(),
        queues: world.topics(),
        watched: Vec::new(),
        clock: world.clock.clone(),
    }
}
