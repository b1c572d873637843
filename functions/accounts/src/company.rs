//! `GET /companies/{id}?before=&people=`: one company: who is there, what they wrote, did, and what broke.

use intercom::Region;
use intercom::links::Linked;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use mirror::{Moment, MomentKind, Named, WorkspaceMirror};
use pages::html::Page;
use pages::navigation::Section;
use pages::sign_in::SignedIn;

use crate::context::PageContext;
use crate::error::{Error, Thing};
use crate::view::{ACCOUNT_STYLES, CompanyPage, STYLES};

/// People on one page.
pub(crate) const PEOPLE_PER_PAGE: usize = 25;

/// Moments on one page of the time line.
pub(crate) const MOMENTS_PER_PAGE: usize = 50;

/// What a page shows of a company.
pub(crate) struct Shown {
    pub(crate) company: mirror::Company,
    pub(crate) figures: mirror::Figures,
    pub(crate) people: Vec<mirror::Member>,
    pub(crate) people_total: usize,
    pub(crate) people_from: usize,
    pub(crate) moments: Vec<Moment>,
    /// Where earlier moments begin.
    pub(crate) earlier: Option<Timestamp>,
    pub(crate) is_latest: bool,
    pub(crate) tags: Vec<String>,
    pub(crate) segments: Vec<String>,
    pub(crate) intercom: String,
}

/// The page. Reads the company, its line of the list, its people, a page of each kind of moment, and two
/// lists of words.
pub(crate) async fn show(
    context: &PageContext<'_>,
    admin: &SignedIn,
    id: &str,
) -> Result<Response<Body>, Error> {
    let now = context.now;
    let mirror = context.mirror(admin);
    let companies = mirror.companies();
    let company = companies.get(id, now).await?;
    let company = company.ok_or(Error::NotFound(Thing::Company))?;
    let people_from = context.parameter("people").parse().unwrap_or(0);
    let before = context.parameter("before").parse().ok();
    let before = before.and_then(|at| Timestamp::from_millisecond(at).ok());
    let (listed, (people, people_total), moments, tags, segments) = tokio::try_join!(
        companies.listed(&company.id, now),
        mirror
            .memberships()
            .of_company(&company.id, (people_from, PEOPLE_PER_PAGE), now),
        moments(&mirror, &company.id, before, now),
        mirror.vocabulary().tags(now),
        mirror.vocabulary().segments(now),
    )?;
    let region = Region::parse(admin.connection.region.as_str());
    let workspace = admin.connection.workspace.as_str();
    let linked = Linked::Company(&company.id);
    let link = context.state.hosts.link(region, workspace, linked);
    let earlier = moments.get(MOMENTS_PER_PAGE - 1).map(|last| last.at);
    let shown = Shown {
        figures: listed.map(|listed| listed.figures).unwrap_or_default(),
        tags: owned(Named::names(&company.tags, &tags)),
        segments: owned(Named::names(&company.segments, &segments)),
        company,
        people,
        people_total,
        people_from,
        moments,
        earlier,
        is_latest: before.is_none(),
        intercom: link.to_string(),
    };
    let title = shown.company.name.clone();
    let page = CompanyPage::new(context, admin, shown);
    let response = Page::new(StatusCode::OK, title.as_deref().unwrap_or("Company"))
        .navigation(context.navigation_below(admin, Section::Companies))
        .styles(STYLES)
        .styles(ACCOUNT_STYLES);
    Ok(response.response(&page))
}

/// The latest moments of all kinds, one after the other.
async fn moments(
    mirror: &WorkspaceMirror<'_>,
    company: &str,
    before: Option<Timestamp>,
    now: Timestamp,
) -> Result<Vec<Moment>, mirror::Error> {
    let of = |kind| {
        let moments = mirror.moments();
        moments.of_company(company, kind, before, MOMENTS_PER_PAGE, now)
    };
    let (conversations, events, sessions) = tokio::try_join!(
        of(MomentKind::Conversation),
        of(MomentKind::Event),
        of(MomentKind::Session),
    )?;
    let mut all = [conversations, events, sessions].concat();
    all.sort_by_key(|moment| std::cmp::Reverse(moment.at));
    // Several people may take part in one conversation.
    all.dedup_by(|next, first| next.id == first.id && next.kind() == first.kind());
    all.truncate(MOMENTS_PER_PAGE);
    Ok(all)
}

pub(crate) fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}
