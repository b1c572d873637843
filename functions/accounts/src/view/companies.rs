//! The list of companies.

use askama::Template;
use mirror::ListedCompany;
use pages::format;
use pages::sign_in::SignedIn;

use crate::companies::{COMPANIES_PER_PAGE, Choice, Only, Sort};

/// The page.
#[derive(Template)]
#[template(path = "companies.html")]
pub(crate) struct CompaniesPage {
    choice: Choice,
    sorts: Vec<(&'static str, &'static str, bool)>,
    filters: Vec<(&'static str, &'static str, bool)>,
    rows: Vec<Row>,
    found: String,
    is_anything: bool,
    next: Option<String>,
    first: Option<String>,
}

struct Row {
    link: String,
    name: String,
    notes: Vec<String>,
    last_seen: String,
    people: u64,
    sessions: u64,
    problems: u64,
    open: u64,
}

impl CompaniesPage {
    pub(crate) fn new(
        admin: &SignedIn,
        choice: Choice,
        companies: &[ListedCompany],
        (found, all): (usize, usize),
    ) -> Self {
        let next = choice.from.saturating_add(COMPANIES_PER_PAGE);
        Self {
            sorts: Sort::ALL
                .iter()
                .map(|(sort, said, name)| (*said, *name, *sort == choice.sort))
                .collect(),
            filters: Only::ALL
                .iter()
                .map(|(only, said, name)| (*said, *name, *only == choice.only))
                .collect(),
            rows: companies
                .iter()
                .map(|listed| Row::new(admin, listed))
                .collect(),
            found: match found {
                1 => "1 company".to_owned(),
                found => format!("{found} companies"),
            },
            is_anything: all > 0,
            next: (next < found).then(|| choice.address(next)),
            first: (choice.from > 0).then(|| choice.address(0)),
            choice,
        }
    }
}

impl Row {
    fn new(admin: &SignedIn, listed: &ListedCompany) -> Self {
        let timezone = admin.connection.timezone.zone();
        let (company, figures) = (&listed.company, &listed.figures);
        let spend = company
            .monthly_spend
            .map(|spend| format!("{spend} a month"));
        let notes = [company.plan.clone(), spend, company.company_id.clone()];
        Self {
            link: address(&company.id),
            name: name(company.name.as_deref(), &company.id),
            notes: notes
                .into_iter()
                .flatten()
                .map(|note| format::clip(&note, 80))
                .collect(),
            last_seen: company.last_request_at.map_or_else(
                || "Never".to_owned(),
                |at| format::date_and_time(at, &timezone),
            ),
            people: figures.people,
            sessions: figures.sessions,
            problems: figures.sessions_with_problems,
            open: figures.open_conversations,
        }
    }
}

/// A company's name, or its id where it has none.
pub(super) fn name(name: Option<&str>, id: &str) -> String {
    format::clip(name.unwrap_or(id), 120)
}

/// The address of a company's page.
fn address(id: &str) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("/companies/{}", id.replace('+', "%20"))
}
