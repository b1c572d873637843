//! Events as Lambda makes them, and what it makes of the answers.

mod function_url;
mod queue;

pub use function_url::{function_url, response};
pub use queue::{Message, failed_messages, sqs};
