//! Drawing: what was read, as canvases. Nothing in here waits or knows the time.

pub(crate) mod details;
pub(crate) mod evidence;
mod explaining;
pub(crate) mod frame;
mod live;
mod moment;
pub(crate) mod others;
pub(crate) mod sessions;
pub(crate) mod states;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod told_session;
