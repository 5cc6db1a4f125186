//! The manual pages and the completions of shells, from the same description that reads the command line.

use std::io;
use std::path::Path;

use clap::Command;
use clap_complete::Shell;

use crate::commands::exit::{NOT_PERMITTED, Stop};

/// Writes `man/*.1` and `completions/*` into the folder.
///
/// # Errors
/// When they cannot be written.
pub fn run(mut command: Command, folder: &Path) -> Result<u8, Stop> {
    let failed = |error: io::Error| Stop { says: format!("{}: {error}", folder.display()), code: NOT_PERMITTED };
    manuals(&command, &folder.join("man")).map_err(failed)?;
    let completions = folder.join("completions");
    std::fs::create_dir_all(&completions).map_err(failed)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut command, "homeward", &completions).map_err(failed)?;
    }
    Ok(0)
}

/// A page for the program and one for each of its commands.
fn manuals(command: &Command, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    page(command.clone(), folder)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let name = format!("{}-{}", command.get_name(), sub.get_name());
        // clap wants names that live as long as the program: there is a handful, made once.
        let sub = sub.clone().name(&*name.clone().leak()).bin_name(name.replacen('-', " ", 1));
        page(sub, folder)?;
    }
    Ok(())
}

fn page(command: Command, folder: &Path) -> io::Result<()> {
    let name = command.get_name().to_owned();
    let page = clap_mangen::Man::new(command)
        .date("2026-11")
        .source(concat!("Homeward ", env!("CARGO_PKG_VERSION")))
        .manual("Homeward");
    let mut bytes = Vec::new();
    page.render(&mut bytes)?;
    std::fs::write(folder.join(format!("{name}.1")), bytes)
}
