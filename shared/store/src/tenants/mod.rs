//! Organizations and their workspaces: keys, connections, tokens, preferences, counts.

pub(crate) mod api_key;
pub(crate) mod connection;
pub(crate) mod connections;
pub(crate) mod counters;
pub(crate) mod handovers;
pub(crate) mod installations;
pub(crate) mod key_rotation;
pub(crate) mod organizations;
pub(crate) mod origins;
pub(crate) mod preferences;
pub(crate) mod purposes;
pub(crate) mod rows;
pub(crate) mod spent_states;
pub(crate) mod sync;
pub(crate) mod tokens;
