//! The worker of the queue `summarize` on Lambda.

use std::sync::Arc;

use aws_lambda_events::event::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use platform::{aws, clock::Clock, config::Environment, secrets, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let environment = Environment::of_process();
    let master_key = secrets::master_key(&environment)?;
    let sdk = aws::sdk_config().await;
    let store = aws::store(&sdk, &environment, master_key)?;
    let queue = aws::queue(&sdk, &environment, "SUMMARIZE_QUEUE_URL")?;
    let state = &summarize::State::new(store, Arc::new(queue), Clock::system());
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(summarize::handle(state, event.payload).await)
    }))
    .await
}
