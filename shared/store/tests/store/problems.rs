//! The same problem at many people: counted once each, forgotten with them, found by how many had it.

mod bringing;
mod counting;
mod forgetting;
mod listing;
mod world;
