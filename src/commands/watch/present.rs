//! The watcher's presence on the desktop: bubbles and tray, whichever are wanted and there. What is not there is told
//! once and tried again, seldom.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use crate::checks::say;
use crate::commands::console;
use crate::outputs::desktop::{Desktop, Event, Told};
use crate::outputs::tray::{Choice, Panel, Shown};
use crate::words::Words;

/// How long a desktop that is not there is left alone, at first and at most.
const AGAIN: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(60));

/// Bubbles and tray.
#[derive(Debug)]
pub(super) struct Presence {
    wants_tray: bool,
    wants_bubbles: bool,
    desktop: Option<Desktop>,
    panel: Option<Panel>,
    ask: UnboundedSender<Choice>,
    retry: Option<Instant>,
    wait: Duration,
    /// What was complained of already: bubbles, tray.
    said: (bool, bool),
}

impl Presence {
    pub(super) const fn new(tray: bool, bubbles: bool, ask: UnboundedSender<Choice>) -> Self {
        Self {
            wants_tray: tray,
            wants_bubbles: bubbles,
            desktop: None,
            panel: None,
            ask,
            retry: None,
            wait: AGAIN.0,
            said: (false, false),
        }
    }

    /// Connects what is wanted and not there. Gives `true` when bubbles became possible.
    pub(super) async fn connect(&mut self, words: &Words, shown: Option<Shown>) -> bool {
        let mut came = false;
        if self.wants_bubbles && self.desktop.is_none() {
            match Desktop::connect().await {
                Ok(desktop) => {
                    self.desktop = Some(desktop);
                    came = true;
                }
                Err(why) if !self.said.0 => {
                    console::note(&words.say(&say("watch-no-desktop").with("why", why.to_string())));
                    self.said.0 = true;
                }
                Err(_) => {}
            }
        }
        if self.wants_tray && self.panel.is_none() {
            let ask = self.ask.clone();
            let chosen = move |choice| {
                // Nobody hears it any more only when the watcher ends.
                let _ended = ask.send(choice);
            };
            match Panel::put(shown.unwrap_or_else(|| Shown::looking(words)), chosen).await {
                Ok(panel) => self.panel = Some(panel),
                Err(why) if !self.said.1 => {
                    console::note(&words.say(&say("watch-no-tray").with("why", why)));
                    self.said.1 = true;
                }
                Err(_) => {}
            }
        }
        let missing = (self.wants_bubbles && self.desktop.is_none()) || (self.wants_tray && self.panel.is_none());
        if missing {
            self.retry = Instant::now().checked_add(self.wait);
            self.wait = (self.wait * 2).min(AGAIN.1);
        } else {
            (self.retry, self.wait) = (None, AGAIN.0);
        }
        came
    }

    /// When to try again, if something is missing.
    pub(super) const fn retry(&self) -> Option<Instant> {
        self.retry
    }

    /// Waits for something to happen at the desktop.
    pub(super) async fn next(&mut self) -> Event {
        match &mut self.desktop {
            Some(desktop) => desktop.next().await,
            None => std::future::pending().await,
        }
    }

    /// The session bus is gone, and all that was on it.
    pub(super) fn lost(&mut self) {
        self.desktop = None;
        self.panel = None;
        self.wait = AGAIN.0;
        self.retry = Instant::now().checked_add(self.wait);
    }

    /// Shows this in the tray.
    pub(super) async fn show(&mut self, shown: Option<Shown>) {
        let (Some(panel), Some(shown)) = (&self.panel, shown) else { return };
        if !panel.show(shown).await {
            self.panel = None;
            self.retry = self.retry.or_else(|| Instant::now().checked_add(self.wait));
        }
    }

    /// Shows a bubble. Where no service is there, it is shown when one comes.
    pub(super) async fn tell(&mut self, words: &Words, told: &Told) {
        let Some(desktop) = &mut self.desktop else { return };
        if let Err(why) = desktop.show(told).await
            && !self.said.0
        {
            console::note(&words.say(&say("watch-not-shown").with("why", why.to_string())));
            self.said.0 = true;
        }
    }

    /// Takes a bubble back.
    pub(super) async fn withdraw(&mut self, id: &str) {
        if let Some(desktop) = &mut self.desktop {
            desktop.withdraw(id).await;
        }
    }

    /// Opens an address by the desktop's portal; `false` where that is not possible.
    pub(super) async fn open(&self, address: &str) -> bool {
        match &self.desktop {
            Some(desktop) => desktop.open(address).await.is_ok(),
            None => false,
        }
    }

    /// Takes everything back.
    pub(super) async fn leave(&mut self) {
        if let Some(mut desktop) = self.desktop.take() {
            desktop.withdraw_all().await;
        }
        if let Some(panel) = self.panel.take() {
            panel.take_away().await;
        }
    }
}
