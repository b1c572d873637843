//! The canvas function on AWS Lambda.
fn main() {}
