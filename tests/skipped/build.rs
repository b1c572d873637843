//! Finds out what `cargo test` will skip.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(stack_test_is_skipped)");
    println!("cargo::rerun-if-env-changed=STACK_PYTHON");
    if std::env::var_os("STACK_PYTHON").is_none() {
        println!("cargo::rustc-cfg=stack_test_is_skipped");
    }
}
