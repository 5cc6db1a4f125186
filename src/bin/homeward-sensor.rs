//! `homeward-sensor`: the small privileged watcher. Arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(homeward::sensor::main(std::env::args_os().skip(1)))
}
