//! The functions behind queues: what Lambda's event source mappings do.

use std::sync::Arc;

use platform::queue::{LocalQueue, dispatch};
use tokio::{sync::watch, task::JoinHandle};

/// Serves the queue until `stop` turns true. What is under way then is delivered again after a restart.
pub(crate) fn serve(
    queue: Arc<LocalQueue>,
    state: summarize::State,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let work = dispatch::run(&queue, |event| summarize::handle(&state, event));
        tokio::select! {
            () = work => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    })
}
