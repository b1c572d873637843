//! `GET /companies?q=&sort=&only=&from=`: Intercom's companies with our figures.

use std::cmp::Reverse;

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use mirror::ListedCompany;
use pages::html::Page;
use pages::navigation::Section;
use pages::sign_in::SignedIn;

use crate::context::PageContext;
use crate::error::Error;
use crate::view::{ACCOUNT_STYLES, CompaniesPage, STYLES};

/// Companies on one page.
pub(crate) const COMPANIES_PER_PAGE: usize = 50;

/// Longest text that is searched for, characters.
const MAX_SOUGHT: usize = 100;

/// By what the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    LastSeen,
    People,
    Sessions,
    Problems,
    Open,
    Name,
}

impl Sort {
    /// Each with what the address says and what it is called.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::LastSeen, "", "Last seen"),
        (Self::People, "people", "People"),
        (Self::Sessions, "sessions", "Sessions"),
        (Self::Problems, "problems", "Sessions with problems"),
        (Self::Open, "open", "Open conversations"),
        (Self::Name, "name", "Name"),
    ];
}

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Only {
    All,
    WithProblems,
    WithOpenConversations,
    Recorded,
}

impl Only {
    /// Each with what the address says and what it is called.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "", "All companies"),
        (Self::WithProblems, "problems", "Something went wrong"),
        (
            Self::WithOpenConversations,
            "open",
            "Conversations are open",
        ),
        (Self::Recorded, "recorded", "Somebody was recorded"),
    ];

    fn holds(self, listed: &ListedCompany) -> bool {
        match self {
            Self::All => true,
            Self::WithProblems => listed.figures.sessions_with_problems > 0,
            Self::WithOpenConversations => listed.figures.open_conversations > 0,
            Self::Recorded => listed.figures.sessions > 0,
        }
    }
}

/// What is shown. What an address says and nobody offers counts as not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) sought: String,
    pub(crate) sort: Sort,
    pub(crate) only: Only,
    pub(crate) from: usize,
}

impl Choice {
    fn of(context: &PageContext<'_>) -> Self {
        let (sort, only) = (context.parameter("sort"), context.parameter("only"));
        let sort = Sort::ALL.iter().find(|(_, said, _)| *said == sort);
        let only = Only::ALL.iter().find(|(_, said, _)| *said == only);
        Self {
            sought: context.parameter("q").chars().take(MAX_SOUGHT).collect(),
            sort: sort.map_or(Sort::LastSeen, |(sort, _, _)| *sort),
            only: only.map_or(Only::All, |(only, _, _)| *only),
            from: context.parameter("from").parse().unwrap_or(0),
        }
    }

    /// The address of the list that begins there.
    pub(crate) fn address(&self, from: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let sort = Sort::ALL.iter().find(|(sort, _, _)| *sort == self.sort);
        let only = Only::ALL.iter().find(|(only, _, _)| *only == self.only);
        for (name, value) in [
            ("q", self.sought.as_str()),
            ("sort", sort.map_or("", |(_, said, _)| said)),
            ("only", only.map_or("", |(_, said, _)| said)),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if from > 0 {
            query.append_pair("from", &from.to_string());
        }
        match query.finish() {
            empty if empty.is_empty() => "/companies".to_owned(),
            query => format!("/companies?{query}"),
        }
    }

    /// Whether somebody has chosen less than all.
    pub(crate) fn is_narrow(&self) -> bool {
        !self.sought.is_empty() || self.only != Only::All || self.from > 0
    }

    fn holds(&self, listed: &ListedCompany) -> bool {
        let sought = self.sought.to_lowercase();
        let company = &listed.company;
        let named = [&company.name, &company.company_id, &company.plan];
        let mut named = named.into_iter().flatten();
        self.only.holds(listed)
            && (sought.is_empty() || named.any(|name| name.to_lowercase().contains(&sought)))
    }

    fn sort(&self, companies: &mut [ListedCompany]) {
        let name = |listed: &ListedCompany| {
            let name = listed.company.name.as_deref().unwrap_or_default();
            (name.to_lowercase(), listed.company.id.clone())
        };
        let number = |listed: &ListedCompany| match self.sort {
            Sort::LastSeen => listed
                .company
                .last_request_at
                .map_or(0, |at| at.as_millisecond().max(0).cast_unsigned()),
            Sort::People => listed.figures.people,
            Sort::Sessions => listed.figures.sessions,
            Sort::Problems => listed.figures.sessions_with_problems,
            Sort::Open => listed.figures.open_conversations,
            Sort::Name => 0,
        };
        companies.sort_by_cached_key(|listed| (Reverse(number(listed)), name(listed)));
    }
}

/// The list. Reads all companies, of which it shows a page.
pub(crate) async fn show(
    context: &PageContext<'_>,
    admin: &SignedIn,
) -> Result<Response<Body>, Error> {
    let choice = Choice::of(context);
    let mirror = context.mirror(admin);
    let mut listed = mirror.companies().list(context.now).await?;
    let all = listed.len();
    listed.retain(|listed| choice.holds(listed));
    choice.sort(&mut listed);
    let found = listed.len();
    let page: Vec<_> = listed
        .into_iter()
        .skip(choice.from)
        .take(COMPANIES_PER_PAGE)
        .collect();
    let page = CompaniesPage::new(admin, choice, &page, (found, all));
    let response = Page::new(StatusCode::OK, "Companies")
        .navigation(context.navigation_at(admin, Section::Companies))
        .styles(STYLES)
        .styles(ACCOUNT_STYLES);
    Ok(response.response(&page))
}
