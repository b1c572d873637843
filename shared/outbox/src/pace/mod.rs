//! When Intercom may be told something: how many calls are left, who has the next ones, what holds a
//! workspace, which lane is due, which names of events there are.

pub(crate) mod budget;
pub(crate) mod due;
pub(crate) mod hold;
pub(crate) mod line;
pub(crate) mod names;
pub(crate) mod rows;
