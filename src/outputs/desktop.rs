//! TELL by notifications of the desktop: one bubble a finding, replaced, acted on and withdrawn.
//!
//! Composed with notify-rust, sent over one connection of our own (zbus): a bubble belongs to who sent it, and some
//! desktops answer only that one. What the service can show is asked, not assumed.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, SelectAll};
use notify_rust::{Hint, Notification, Timeout, Urgency};
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, MessageStream};

use crate::alerts::{Bubble, Offer};
use crate::checks::Severity;
use crate::outputs::phrase;
use crate::words::Words;

/// The notification service's name and interface.
const SERVICE: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";

/// A service that does not answer within this is not waited for. Generous: a bubble whose number never came could not be taken back.
const PATIENCE: Duration = Duration::from_secs(10);

/// A bubble in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The check's id, or what else is told.
    pub id: &'static str,
    /// The trouble.
    pub title: String,
    /// What to do.
    pub body: String,
    /// Whether it is urgent.
    pub critical: bool,
    /// Whether work may go on meanwhile: then it need not wait for the person to close it.
    pub mild: bool,
    /// What can be pressed, with the words on it.
    pub offers: Vec<(Offer, String)>,
}

/// Words a bubble. Nothing of it tells where the person is or what the network is called: it may show on a locked screen.
pub fn told(words: &Words, bubble: &Bubble) -> Told {
    let key = |offer| match offer {
        Offer::Explain => "offer-explain",
        Offer::OpenSignIn => "offer-sign-in",
        Offer::ConnectVpn => "offer-vpn",
        Offer::SnoozeNetwork => "offer-snooze",
    };
    Told {
        id: bubble.id(),
        title: phrase::title(words, &bubble.finding),
        body: phrase::step(words, &bubble.finding),
        critical: bubble.finding.severity == Severity::Critical,
        mild: bubble.finding.severity < Severity::High,
        offers: bubble.offers.iter().map(|offer| (*offer, words.get(key(*offer)))).collect(),
    }
}

/// What happened at the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The person pressed something of this check's bubble.
    Chosen(&'static str, Offer),
    /// The person closed this check's bubble.
    Closed(&'static str),
    /// The notification service came, or came back: what was shown is gone.
    Came,
    /// The session bus is gone.
    Lost,
}

/// The key of an offer on the bus. The explanation is what a click on the bubble itself means.
const OFFERS: [(&str, Offer); 4] = [
    ("default", Offer::Explain),
    ("sign-in", Offer::OpenSignIn),
    ("vpn", Offer::ConnectVpn),
    ("snooze", Offer::SnoozeNetwork),
];

/// `NotificationClosed` with this reason: the person did it.
const BY_PERSON: u32 = 2;

/// Why a bubble could not be shown: for a log.
#[derive(Debug, thiserror::Error)]
#[error("notifications: {0}")]
pub struct Trouble(String);

impl From<zbus::Error> for Trouble {
    fn from(error: zbus::Error) -> Self {
        Self(crate::facts::text::harmless(&error.to_string(), 200))
    }
}

/// The desktop's notification service.
pub struct Desktop {
    bus: Connection,
    /// What it can show, once it said so.
    abilities: Option<Vec<String>>,
    /// The service's number of each bubble that is shown.
    shown: BTreeMap<&'static str, u32>,
    /// Who showed the last one: the service's own name on the bus.
    owner: Option<String>,
    signals: SelectAll<BoxStream<'static, zbus::Result<zbus::Message>>>,
}

impl std::fmt::Debug for Desktop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desktop").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl Desktop {
    /// Connects to the session's bus. The service itself need not be there yet.
    ///
    /// # Errors
    /// When there is no session bus.
    pub async fn connect() -> Result<Self, Trouble> {
        Self::over(Connection::session().await?).await
    }

    /// The same over this connection.
    ///
    /// # Errors
    /// When the bus does not let us listen.
    pub async fn over(bus: Connection) -> Result<Self, Trouble> {
        let mut signals = SelectAll::new();
        let of_service = MatchRule::builder().msg_type(zbus::message::Type::Signal).interface(SERVICE)?.build();
        let of_owner = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, SERVICE)?
            .build();
        for rule in [of_service, of_owner] {
            signals.push(MessageStream::for_match_rule(rule, &bus, None).await?.boxed());
        }
        Ok(Self { bus, abilities: None, shown: BTreeMap::new(), owner: None, signals })
    }

    /// Shows a bubble; in the place of the one of the same id, if that is still there.
    ///
    /// # Errors
    /// When the service is not there or refuses.
    pub async fn show(&mut self, told: &Told) -> Result<(), Trouble> {
        let abilities = self.abilities().await?;
        let can = |ability: &str| abilities.iter().any(|known| known == ability);
        let composed = composed(told, can("actions"), can("body-markup"));
        let hints = hints(told);
        let hints: BTreeMap<&str, Value<'_>> = hints.iter().map(Into::into).collect();
        let replaces = self.shown.get(told.id).copied().unwrap_or(0);
        let body = (
            composed.appname.as_str(),
            replaces,
            composed.icon.as_str(),
            composed.summary.as_str(),
            composed.body.as_str(),
            &composed.actions,
            hints,
            i32::from(composed.timeout),
        );
        let reply = self.call("Notify", &body).await?;
        let number: u32 = reply.body().deserialize()?;
        self.owner = reply.header().sender().map(ToString::to_string);
        self.shown.insert(told.id, number);
        Ok(())
    }

    /// Takes a bubble back. One that is gone already is no trouble.
    pub async fn withdraw(&mut self, id: &str) {
        if let Some(number) = self.shown.remove(id) {
            let _gone = self.call("CloseNotification", &(number,)).await;
        }
    }

    /// Takes everything back.
    pub async fn withdraw_all(&mut self) {
        for id in self.shown.keys().copied().collect::<Vec<_>>() {
            self.withdraw(id).await;
        }
    }

    /// Waits for something to happen. May be given up at any time.
    pub async fn next(&mut self) -> Event {
        loop {
            let Some(Ok(message)) = self.signals.next().await else { return Event::Lost };
            if let Some(event) = self.event(&message) {
                return event;
            }
        }
    }

    fn event(&mut self, message: &zbus::Message) -> Option<Event> {
        let header = message.header();
        let of = |number: u32| self.shown.iter().find_map(|(id, shown)| (*shown == number).then_some(*id));
        match header.member()?.as_str() {
            "ActionInvoked" => {
                let (number, key): (u32, String) = message.body().deserialize().ok()?;
                let (_, offer) = OFFERS.iter().find(|(known, _)| *known == key)?;
                Some(Event::Chosen(of(number)?, *offer))
            }
            "NotificationClosed" => {
                let (number, reason): (u32, u32) = message.body().deserialize().ok()?;
                let id = of(number)?;
                // One that timed out stays in the list of many desktops: it is neither forgotten nor shown anew.
                (reason == BY_PERSON).then(|| {
                    self.shown.remove(id);
                    Event::Closed(id)
                })
            }
            "NameOwnerChanged" => {
                let (_, _, new): (String, String, String) = message.body().deserialize().ok()?;
                if Some(&new) == self.owner.as_ref() {
                    // The bus started it for our own bubble: that one is shown already.
                    return None;
                }
                (self.abilities, self.owner) = (None, None);
                self.shown.clear();
                (!new.is_empty()).then_some(Event::Came)
            }
            _ => None,
        }
    }

    /// Opens an address by the desktop's portal.
    ///
    /// # Errors
    /// When there is no portal, or it refuses.
    pub async fn open(&self, address: &str) -> Result<(), Trouble> {
        let body = ("", address, BTreeMap::<&str, Value<'_>>::new());
        let call = self.bus.call_method(
            Some("org.freedesktop.portal.Desktop"),
            "/org/freedesktop/portal/desktop",
            Some("org.freedesktop.portal.OpenURI"),
            "OpenURI",
            &body,
        );
        within(call).await.map(drop)
    }

    async fn abilities(&mut self) -> Result<Vec<String>, Trouble> {
        if self.abilities.is_none() {
            let reply = self.call("GetCapabilities", &()).await?;
            self.abilities = Some(reply.body().deserialize()?);
        }
        Ok(self.abilities.clone().unwrap_or_default())
    }

    async fn call<B>(&self, member: &str, body: &B) -> Result<zbus::Message, Trouble>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        within(self.bus.call_method(Some(SERVICE), OBJECT, Some(SERVICE), member, body)).await
    }
}

async fn within(call: impl Future<Output = zbus::Result<zbus::Message>>) -> Result<zbus::Message, Trouble> {
    let answer = tokio::time::timeout(PATIENCE, call).await;
    Ok(answer.map_err(|_| Trouble("the desktop does not answer".to_owned()))??)
}

/// The notification, as far as the service can show it.
fn composed(told: &Told, actions: bool, markup: bool) -> Notification {
    let mut composed = Notification::new();
    composed.appname("Homeward");
    composed.summary(&told.title);
    composed.body(&if markup { escaped(&told.body) } else { told.body.clone() });
    composed.icon(if told.critical { "dialog-error" } else { "dialog-warning" });
    // What speaks against working here stays until it is closed or healed; the rest as long as the desktop likes.
    composed.timeout(if told.mild { Timeout::Default } else { Timeout::Never });
    if actions {
        for (offer, label) in &told.offers {
            if let Some((key, _)) = OFFERS.iter().find(|(_, known)| known == offer) {
                composed.action(key, label);
            }
        }
    }
    composed.finalize()
}

/// What a desktop sorts and shows it by.
fn hints(told: &Told) -> [Hint; 3] {
    let urgency = match (told.critical, told.mild) {
        (true, _) => Urgency::Critical,
        (_, true) => Urgency::Low,
        _ => Urgency::Normal,
    };
    [Hint::Urgency(urgency), Hint::DesktopEntry("homeward".to_owned()), Hint::Category("network".to_owned())]
}

/// Text for a body that may hold markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bubble(critical: bool) -> Told {
        Told {
            id: "wifi-unencrypted",
            title: "This Wi-Fi has no encryption".to_owned(),
            body: "Use <b>this</b> & that".to_owned(),
            critical,
            mild: false,
            offers: vec![(Offer::Explain, "Explain".to_owned()), (Offer::SnoozeNetwork, "Not today".to_owned())],
        }
    }

    #[test]
    fn only_what_the_service_can_show_is_asked_of_it() {
        let plain = composed(&bubble(false), false, false);
        assert_eq!(plain.actions, [""; 0]);
        assert_eq!(plain.body, "Use <b>this</b> & that", "a service without markup shows it as it is");
        let rich = composed(&bubble(false), true, true);
        assert_eq!(rich.actions, ["default", "Explain", "snooze", "Not today"]);
        assert_eq!(rich.body, "Use &lt;b&gt;this&lt;/b&gt; &amp; that");
    }

    #[test]
    fn only_what_is_critical_is_urgent_and_stays() {
        assert!(hints(&bubble(true)).contains(&Hint::Urgency(Urgency::Critical)));
        assert_eq!(i32::from(composed(&bubble(true), true, true).timeout), 0);
        assert!(hints(&bubble(false)).contains(&Hint::Urgency(Urgency::Normal)));
        assert_eq!(i32::from(composed(&bubble(false), true, true).timeout), 0, "grave, too, and not urgent");
        assert_eq!(i32::from(composed(&Told { mild: true, ..bubble(false) }, true, true).timeout), -1);
    }
}
