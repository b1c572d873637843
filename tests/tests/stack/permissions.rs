//! What roles allow, compared with what functions do.

use std::collections::BTreeSet;

use crate::actions::{Call, matches};
use crate::deployment::Deployment;
use crate::function::Function;

/// What roles allow although no call of this test needs it.
const NEEDED_BY_OTHERS: [(&str, &str); 4] = [
    ("logs:CreateLogStream", "Lambda writes what functions print"),
    ("logs:PutLogEvents", "Lambda writes what functions print"),
    (
        "sqs:GetQueueAttributes",
        "the event source mapping asks how long the queue is",
    ),
    (
        "s3:ListBucket",
        "without it S3 answers 403 instead of 404 for an object that is gone",
    ),
];

pub(crate) fn roles_allow_what_is_called_and_nothing_else(deployment: &Deployment) {
    let mut wrong = Vec::new();
    for (package, function) in deployment.functions() {
        let calls: BTreeSet<Call> = function.calls().into_iter().collect();
        let statements = &function.description.permissions;
        let forbidden = calls.iter().filter(|call| !call.is_allowed_by(statements));
        wrong.extend(
            forbidden.map(|call| format!("{package} may not {} on {}", call.action, call.resource)),
        );
        wrong.extend(
            idle(function, &calls).map(|allowed| format!("{package} never needs {allowed}")),
        );
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Actions on resources that a role allows and that no call needed.
fn idle<'a>(
    function: &'a Function,
    calls: &'a BTreeSet<Call>,
) -> impl Iterator<Item = String> + use<'a> {
    let allowed = function
        .description
        .permissions
        .iter()
        .flat_map(|statement| {
            let actions = statement.actions.iter();
            actions.flat_map(|action| {
                statement
                    .resources
                    .iter()
                    .map(move |resource| (action, resource))
            })
        });
    let needed = move |(action, resource): &(&String, &String)| {
        NEEDED_BY_OTHERS.iter().any(|(other, _)| other == action)
            || calls
                .iter()
                .any(|call| call.action == **action && matches(resource, &call.resource))
    };
    allowed
        .filter(move |allowed| !needed(allowed))
        .map(|(action, resource)| format!("{action} on {resource}"))
}
