//! Nothing is lost when an answer is: every write of the product loses its answer once, and nobody can tell.
//!
//! One journey goes through every function by its own door (`journey`), without a fault. Then each of its
//! steps is taken again from what stood before it, once for every write that it makes, with the answer of
//! that write lost: the table, the bucket and the queues must be as without a fault, and the caller must be
//! answered as without a fault (`losses`). What may differ stands in one place (`tolerance`). Which writes
//! there are is counted, so a new one is swept by itself; and `doors` fails when the journey passes by a
//! door.

#![allow(clippy::unwrap_used, reason = "tests")]

mod door;
mod doors;
mod functions;
mod intercom;
mod journey;
mod likeness;
mod lines;
mod losses;
mod masking;
mod snapshot;
mod tolerance;
mod world;
