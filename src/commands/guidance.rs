//! `homeward guidance`: what is asked, by whom, and whether a file says it rightly.

use std::path::Path;

use crate::commands::console;
use crate::commands::exit::Stop;
use crate::guidance::{self, Guidance, Moment, Places, coverage};
use crate::outputs::guidance as page;
use crate::outputs::json::safe;
use crate::words::Words;

/// The guidance that applies to this user on this machine; see [`guidance::load`].
///
/// # Errors
/// Bad input, with every fault drawn; not permitted, when a file may not be read.
pub fn in_force(chosen: Option<&Path>, moment: Moment) -> Result<Guidance, Stop> {
    guidance::load(&Places::this(), chosen, moment).map_err(|problem| console::problem(&problem))
}

/// Shows the guidance in force.
///
/// # Errors
/// Bad input, when there is a file that cannot be used; not permitted, when it may not be read.
pub fn show(words: &Words, chosen: Option<&Path>, json: bool) -> Result<u8, Stop> {
    let guidance = in_force(chosen, Moment::Live)?;
    if json {
        console::print(&safe::to_vec(&page::document(&guidance)).map_err(Stop::our_fault)?)?;
    } else {
        console::print(page::show(words, &guidance, &Places::this(), console::look()).as_bytes())?;
    }
    Ok(0)
}

/// Says whether a file is good guidance, and if not, everything that is wrong with it.
///
/// # Errors
/// Bad input, when it is not; not permitted, when it may not be read.
pub fn validate(words: &Words, file: &Path) -> Result<u8, Stop> {
    let guidance = guidance::alone(file).map_err(|problem| console::problem(&problem))?;
    console::print(page::good(words, &guidance, console::look()).as_bytes())?;
    Ok(0)
}

/// Shows which checks serve which clause, and what becomes of the clauses none serves.
///
/// # Errors
/// Bad input, when there is a file that cannot be used; not permitted, when it may not be read.
pub fn covered(words: &Words, chosen: Option<&Path>, json: bool) -> Result<u8, Stop> {
    let guidance = in_force(chosen, Moment::Live)?;
    let coverage = coverage::coverage(&guidance);
    if json {
        console::print(&safe::to_vec(&page::Covered::new(&coverage)).map_err(Stop::our_fault)?)?;
    } else {
        console::print(page::coverage(words, &coverage, console::look()).as_bytes())?;
    }
    Ok(0)
}
