//! News on the system bus: `NetworkManager`'s connections, `systemd-resolved`'s servers, sleep.

use futures_util::StreamExt as _;
use futures_util::stream::SelectAll;
use tokio::sync::mpsc::Sender;
use zbus::{MatchRule, MessageStream};

use super::{Change, Patience, say};

/// Services, the interface of theirs whose properties count, and what their change means. Signal strengths, bit rates and
/// statistics change all the time and are on other interfaces.
const PROPERTIES: [(&str, &str, Change); 5] = [
    ("org.freedesktop.NetworkManager", "org.freedesktop.NetworkManager", Change::NetworkManager),
    ("org.freedesktop.NetworkManager", "org.freedesktop.NetworkManager.Connection.Active", Change::NetworkManager),
    ("org.freedesktop.NetworkManager", "org.freedesktop.NetworkManager.VPN.Connection", Change::NetworkManager),
    ("org.freedesktop.resolve1", "org.freedesktop.resolve1.Manager", Change::Names),
    ("org.freedesktop.resolve1", "org.freedesktop.resolve1.Link", Change::Names),
];

/// Listens for as long as there is a bus, and waits for it to come back.
pub(super) async fn system(tell: Sender<Change>) {
    let mut patience = Patience::new();
    loop {
        if let Ok(mut heard) = listen().await {
            patience = Patience::new();
            while let Some((change, message)) = heard.next().await {
                let Ok(message) = message else { break };
                match change {
                    // The signal comes twice: before sleep, with `true`, and after it.
                    Change::Resumed if message.body().deserialize::<bool>().unwrap_or(true) => {}
                    change => say(&tell, change),
                }
            }
            // Services that went with the bus have changed, too.
            say(&tell, Change::NetworkManager);
        }
        patience.wait().await;
    }
}

type Heard = SelectAll<futures_util::stream::BoxStream<'static, (Change, zbus::Result<zbus::Message>)>>;

async fn listen() -> zbus::Result<Heard> {
    let bus = zbus::Connection::system().await?;
    let mut all = SelectAll::new();
    let mut rules = Vec::new();
    for (service, interface, change) in PROPERTIES {
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender(service)?
            .interface("org.freedesktop.DBus.Properties")?
            .member("PropertiesChanged")?
            .arg(0, interface)?
            .build();
        rules.push((rule, change));
    }
    for (service, change) in
        [("org.freedesktop.NetworkManager", Change::NetworkManager), ("org.freedesktop.resolve1", Change::Names)]
    {
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender("org.freedesktop.DBus")?
            .interface("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, service)?
            .build();
        rules.push((rule, change));
    }
    let sleep = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .interface("org.freedesktop.login1.Manager")?
        .member("PrepareForSleep")?
        .build();
    rules.push((sleep, Change::Resumed));
    for (rule, change) in rules {
        let stream = MessageStream::for_match_rule(rule, &bus, None).await?;
        all.push(stream.map(move |message| (change, message)).boxed());
    }
    Ok(all)
}
