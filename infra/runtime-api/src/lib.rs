//! Lambda's Runtime API on one machine.
//!
//! A [`Bootstrap`] is a function's program; started, it is a [`Process`]: one execution environment, which
//! serves one event at a time. It is handed the bytes that Lambda would hand it, in the environment that
//! Lambda would give it, and is measured on the way: from exec to its first `GET /next`, from an event to its
//! answer, memory, CPU time, also under the CPU quota that a function's memory buys ([`Process::throttle`]).
//!
//! ```no_run
//! use runtime_api::{Bootstrap, Invocation, events};
//!
//! let mut canvas = Bootstrap::new("target/release/canvas").env("TABLE_NAME", "recapt").start()?;
//! println!("ready after {:?}", canvas.wait_ready()?);
//! let request = http::Request::post("/canvas/initialize").body(b"{}".to_vec())?;
//! let event = events::function_url(&request, jiff::Timestamp::now());
//! let answer = canvas.invoke(&event.to_string().into_bytes(), &Invocation::default());
//! println!("{}", events::answered(answer)?.status());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Calls block; threads and no async runtime, so that time stamps are those of the sockets. The protocol is
//! that of <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

mod api;
mod bootstrap;
mod error;
pub mod events;
mod output;
mod process;
mod quota;
mod usage;
mod wire;

pub use bootstrap::Bootstrap;
pub use error::{Error, FunctionError, Payload};
pub use process::{Answer, Invocation, Process};
