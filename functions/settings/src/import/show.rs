//! What is chosen, how far it is, and what the names of events cost.

use askama::Template;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use mirror::Choices;
use pages::csrf;
use pages::html;

use super::{Action, CHECK, Done, PAGE, ours};
use crate::context::PageContext;
use crate::error::Error;
use crate::route;

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    done: Option<&'static str>,
    choices: Choices,
    ignored: String,
    is_running: bool,
    parts: Vec<Part>,
    names: Vec<Name>,
    save: Form,
    ignore: Form,
    erase: Form,
    integration: &'static str,
    check: String,
}

struct Form {
    path: String,
    token: String,
}

struct Part {
    name: &'static str,
    state: &'static str,
    count: u64,
}

struct Name {
    name: String,
    count: u64,
}

pub(super) async fn show(
    context: &PageContext<'_>,
    done: Option<Done>,
) -> Result<Response<Body>, Error> {
    let Some(signed_in) = context.signed_in().await? else {
        return context.sign_in_page(StatusCode::UNAUTHORIZED, None);
    };
    let connection = &signed_in.connection;
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let mirror = context.state.mirror.of(organization, workspace);
    let choices = mirror.choices().await.map_err(ours)?;
    let progress = context.store.sync_progress(workspace).await?;
    let names = mirror.events().names(context.now).await.map_err(ours)?;
    let taken = names
        .into_iter()
        .filter(|name| !choices.ignored_events.contains(&name.name));
    let form = |action: Action| Form {
        path: action.path(),
        token: csrf::token(&context.signer, &signed_in.sign_in, action.purpose()),
    };
    let is_running = progress.import.pass.is_some();
    let parts = progress.import.parts.iter().map(|(part, of)| Part {
        name: words(*part),
        state: match (of.done, of.is_refused) {
            (_, true) => "The app lacks the permission",
            (true, false) => "Done",
            (false, false) if is_running => "Under way",
            (false, false) => "Not finished: it is tried again within the hour",
        },
        count: of.count,
    });
    let content = ImportPage {
        done: done.map(Done::text),
        ignored: choices.ignored_events.iter().collect::<Vec<_>>().join("\n"),
        is_running,
        parts: parts.collect(),
        names: taken
            .map(|name| Name {
                name: name.name,
                count: name.count,
            })
            .collect(),
        choices,
        save: form(Action::Choices),
        ignore: form(Action::Ignore),
        erase: form(Action::Erase),
        integration: route::PAGE,
        check: format!("{PAGE}{CHECK}"),
    };
    let page = html::Page::new(StatusCode::OK, "Import")
        .navigation(context.navigation(&signed_in))
        .styles(crate::page::STYLES);
    Ok(page.response(&content))
}

fn words(part: store::ImportPart) -> &'static str {
    use store::ImportPart;
    match part {
        ImportPart::Admins => "Teammates",
        ImportPart::Tags => "Tags",
        ImportPart::Segments => "Segments",
        ImportPart::Companies => "Companies",
        ImportPart::Members => "People of companies",
        ImportPart::Contacts => "People who have changed",
        ImportPart::Conversations => "Conversations",
        ImportPart::Deletions => "Deleted conversations",
        ImportPart::WriteBack => "Figures written to Intercom",
    }
}
