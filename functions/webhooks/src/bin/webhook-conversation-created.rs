//! The worker of the queue `webhook-conversation-created` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::conversation_created;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start(Worker::ConversationCreated, conversation_created::rule).await
}
