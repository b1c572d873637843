//! The functions behind queues: what Lambda's event source mappings do.

use std::sync::Arc;
use std::time::Duration;

use platform::queue::dispatch;
use platform::telemetry::Chain;
use tokio::{sync::watch, task::JoinHandle};

use crate::queues::Queues;

/// What the functions behind queues keep between batches.
pub(crate) struct Workers {
    pub(crate) deliver: deliver::State,
    pub(crate) summarize: summarize::State,
    pub(crate) erase: erase::State,
    pub(crate) webhooks: webhooks::State,
    pub(crate) park_notification: park_notification::State,
    pub(crate) reconcile: reconcile::State,
}

/// How often every connected workspace is compared with Intercom, and forgotten sessions are looked for: on
/// AWS it is every hour, but nobody watches there.
const SCHEDULE: Duration = Duration::from_mins(1);

/// How often lanes are looked for whose time has come: on AWS it is every minute, but nobody watches there.
const LOOK: Duration = Duration::from_secs(5);

/// Serves the queues until `stop` turns true. What is under way then is delivered again after a restart.
pub(crate) fn serve(
    queues: Queues,
    workers: Workers,
    stop: &watch::Receiver<bool>,
) -> Vec<JoinHandle<()>> {
    let workers = Arc::new(workers);
    let mut loops = Vec::new();
    for (worker, queue) in queues.topics {
        let state = Arc::clone(&workers);
        let dead_letters = Arc::clone(&queue);
        loops.push(until(stop, async move {
            let work = |event| webhooks::handle(&state.webhooks, worker, event);
            dispatch::run(&queue, work).await;
        }));
        let state = Arc::clone(&workers);
        loops.push(until(stop, async move {
            let park = |event| park_notification::park(&state.park_notification, event);
            dispatch::run_dead_letters(&dead_letters, park).await;
        }));
    }
    let state = Arc::clone(&workers);
    loops.push(until(stop, async move {
        let work = |event| reconcile::work(&state.reconcile, event);
        tokio::join!(
            schedule(&state.reconcile),
            dispatch::run(&queues.reconcile, work)
        );
    }));
    let state = Arc::clone(&workers);
    loops.push(until(stop, async move {
        let work = |event| deliver::handle(&state.deliver, event);
        tokio::join!(
            look_at_lanes(&state.deliver),
            dispatch::run(&queues.deliver, work)
        );
    }));
    let state = Arc::clone(&workers);
    loops.push(until(stop, async move {
        let erase = |event| erase::handle(&state.erase, event);
        dispatch::run(&queues.erase, erase).await;
    }));
    loops.push(until(stop, async move {
        let summarize = |event| summarize::handle(&workers.summarize, event);
        tokio::join!(
            look(&workers.summarize),
            dispatch::run(&queues.summarize, summarize)
        );
    }));
    loops
}

/// Begins with every connected workspace, again and again.
async fn schedule(state: &reconcile::State) {
    loop {
        tokio::time::sleep(SCHEDULE).await;
        if let Err(error) = reconcile::schedule(state).await {
            tracing::error!(error = %Chain(&error), "reconciliation could not be begun");
        }
    }
}

/// Looks for sessions that nobody summarizes, again and again.
async fn look(state: &summarize::State) {
    loop {
        tokio::time::sleep(SCHEDULE).await;
        if let Err(error) = summarize::schedule(state).await {
            tracing::error!(error = %Chain(&error), "forgotten sessions could not be looked for");
        }
    }
}

/// Looks for lanes whose time has come, again and again.
async fn look_at_lanes(state: &deliver::State) {
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(error) = deliver::schedule(state).await {
            tracing::error!(error = %Chain(&error), "lanes that are due could not be looked for");
        }
    }
}

/// Does a work until `stop` turns true.
pub(crate) fn until(
    stop: &watch::Receiver<bool>,
    work: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<()> {
    let mut stop = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = work => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    })
}
