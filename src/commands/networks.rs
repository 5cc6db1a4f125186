//! `homeward networks`: the places met before.

use std::time::{Duration, Instant};

use crate::checks::say;
use crate::commands::exit::{BAD_INPUT, NOT_PERMITTED, Stop};
use crate::commands::guidance::in_force;
use crate::commands::{check, console, remembered};
use crate::facts::Facts;
use crate::facts::text::harmless;
use crate::guidance::Moment;
use crate::inference::place::Elements;
use crate::memory::ENOUGH;
use crate::outputs::{json, networks as page};
use crate::sources::machine::Machine;
use crate::words::Words;

/// How long a look may take.
const LOOK: Duration = Duration::from_secs(5);

/// Lists them.
///
/// # Errors
/// When what is kept cannot be read, or standard output not be written.
pub fn list(words: &Words, as_json: bool) -> Result<u8, Stop> {
    let machine = Machine::this();
    let path = remembered::path(&machine).ok_or_else(|| Stop::wrong_use(words.get("networks-no-home")))?;
    let memory = remembered::read(&path).map_err(|error| Stop {
        says: words.say(
            &say("networks-broken").with("path", path.to_string_lossy().into_owned()).with("why", error.to_string()),
        ),
        code: if error.kind() == std::io::ErrorKind::PermissionDenied { NOT_PERMITTED } else { BAD_INPUT },
    })?;
    let networks = memory.as_ref().map(crate::memory::Memory::networks).unwrap_or_default();
    if as_json {
        console::print(&json::networks::document(networks).map_err(Stop::our_fault)?)?;
    } else {
        console::print(page::page(words, networks, console::look()).as_bytes())?;
    }
    Ok(0)
}

/// Trusts the network one is in, as it is now.
///
/// # Errors
/// When there is none, too little is known of it, or it could not be kept.
pub fn trust(words: &Words) -> Result<u8, Stop> {
    let guidance = in_force(None, Moment::Live)?;
    let facts = check::look(true, None, &guidance, Instant::now() + LOOK)?;
    let name = trust_this(words, &facts)?;
    console::print(format!("{}\n", words.say(&say("networks-trusted").with("name", name))).as_bytes())?;
    Ok(0)
}

/// Trusts the network of these facts; gives its name.
///
/// # Errors
/// When there is none, too little is known of it, or it could not be kept.
pub fn trust_this(words: &Words, facts: &Facts) -> Result<String, Stop> {
    let now = Elements::of(facts).ok_or_else(|| Stop::wrong_use(words.get("networks-none")))?;
    let today = facts.taken_at.to_zoned_datetime(jiff::tz::TimeZone::system()).date();
    let trusted = remembered::change(&Machine::this(), |memory| memory.trust(&now, facts.taken_at, today));
    if !trusted.map_err(|error| unwritten(&error))? {
        return Err(Stop::wrong_use(
            words.say(&say("networks-too-little").with("known", now.known()).with("enough", ENOUGH)),
        ));
    }
    Ok(now.name.unwrap_or_else(|| words.get("networks-cable")))
}

/// Forgets one, by the beginning of its id or by its name, or all.
///
/// # Errors
/// When there is no such network, or it could not be kept.
pub fn forget(words: &Words, which: Option<&str>) -> Result<u8, Stop> {
    let machine = Machine::this();
    let path = remembered::path(&machine).ok_or_else(|| Stop::wrong_use(words.get("networks-no-home")))?;
    let Some(which) = which else {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unwritten(&error)),
            _ => console::print(format!("{}\n", words.get("networks-forgot-all")).as_bytes())?,
        }
        return Ok(0);
    };
    let found = remembered::change(&machine, |memory| {
        let fits: Vec<String> = memory
            .networks()
            .iter()
            .filter(|network| {
                (which.len() >= 4 && network.id.starts_with(which)) || network.name.as_deref() == Some(which)
            })
            .map(|network| network.id.clone())
            .collect();
        if let [id] = fits.as_slice() {
            memory.forget(id);
        }
        fits.len()
    });
    let key = match found.map_err(|error| unwritten(&error))? {
        0 => "networks-not-known",
        1 => "networks-forgot",
        _ => "networks-several",
    };
    let said = words.say(&say(key).with("which", harmless(which, 100)));
    if key == "networks-forgot" {
        console::print(format!("{said}\n").as_bytes())?;
        return Ok(0);
    }
    Err(Stop::wrong_use(said))
}

fn unwritten(error: &std::io::Error) -> Stop {
    Stop { says: format!("networks.json: {error}"), code: NOT_PERMITTED }
}
