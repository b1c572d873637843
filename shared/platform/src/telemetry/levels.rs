//! Which lines are written.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// What the libraries below us have to say matters when it is a warning. Beginnings of module paths.
const LIBRARIES: [&str; 4] = ["aws_", "hyper", "lambda_", "rustls"];

/// The levels that the environment asks for.
pub(super) fn of_process() -> Targets {
    let variable = |name| std::env::var(name).ok();
    levels(
        variable("RUST_LOG").as_deref(),
        variable("AWS_LAMBDA_LOG_LEVEL").as_deref(),
    )
}

/// `rust_log` holds directives and decides alone; `lambda` is one of Lambda's levels.
fn levels(rust_log: Option<&str>, lambda: Option<&str>) -> Targets {
    let told = rust_log.filter(|directives| !directives.trim().is_empty());
    if let Some(directives) = told.and_then(|directives| directives.parse().ok()) {
        return directives;
    }
    let level = match lambda {
        Some(level) if level.eq_ignore_ascii_case("fatal") => LevelFilter::ERROR,
        Some(level) => level.parse().unwrap_or(LevelFilter::INFO),
        None => LevelFilter::INFO,
    };
    let libraries = level.min(LevelFilter::WARN);
    Targets::new()
        .with_default(level)
        .with_targets(LIBRARIES.map(|library| (library, libraries)))
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn the_environment_decides_which_lines_are_written() {
        for (rust_log, lambda, target, level, written) in [
            (None, None, "record::chunks", Level::INFO, true),
            (None, None, "record::chunks", Level::DEBUG, false),
            (None, None, "aws_smithy_runtime", Level::INFO, false),
            (None, None, "hyper_util::client", Level::WARN, true),
            (None, Some("DEBUG"), "record", Level::DEBUG, true),
            (None, Some("DEBUG"), "rustls::client", Level::INFO, false),
            (None, Some("FATAL"), "record", Level::WARN, false),
            (None, Some("FATAL"), "lambda_runtime", Level::ERROR, true),
            (None, Some("loud"), "record", Level::INFO, true),
            (Some("warn"), Some("TRACE"), "record", Level::INFO, false),
            (Some("info,aws_=debug"), None, "aws_x", Level::DEBUG, true),
            (Some(""), Some("ERROR"), "record", Level::WARN, false),
        ] {
            assert_eq!(
                levels(rust_log, lambda).would_enable(target, &level),
                written,
                "{rust_log:?} {lambda:?} {target} {level}"
            );
        }
    }
}
