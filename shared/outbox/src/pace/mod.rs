//! When Intercom may be told something: how many calls are left, what holds a workspace, which lane is
//! due.

pub(crate) mod budget;
pub(crate) mod due;
pub(crate) mod hold;
pub(crate) mod rows;
