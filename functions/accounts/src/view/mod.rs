//! The pages as templates see them.

mod companies;
mod company;
mod conversation;
mod list;
mod problem;
mod row;
pub(crate) mod words;

pub(crate) use companies::CompaniesPage;
pub(crate) use company::CompanyPage;
pub(crate) use conversation::ConversationPage;
pub(crate) use list::ListPage;
pub(crate) use problem::ProblemPage;

/// The stylesheet of these pages.
pub(crate) const STYLES: &str = include_str!("../../templates/problems.css");

/// What companies and conversations have besides.
pub(crate) const ACCOUNT_STYLES: &str = include_str!("../../templates/accounts.css");
