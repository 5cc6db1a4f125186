//! Reading D-Bus services tolerantly: a property that is missing or of another type is simply not
//! there, and no service is ever started to be asked.

use std::collections::{BTreeMap, HashMap};

use zbus::proxy::{Builder, CacheProperties, MethodFlags};
use zbus::zvariant::{Array, DynamicDeserialize, DynamicType, OwnedObjectPath, OwnedValue, Value};

use crate::facts::{Reason, Thing};

/// The properties of one interface, or the entries of any other `a{sv}`.
pub(super) type Properties = BTreeMap<String, OwnedValue>;

/// The interfaces and properties of objects, by path.
pub(super) type Objects = BTreeMap<String, BTreeMap<String, Properties>>;

/// Texts longer than this are cut (bytes).
const TEXT_LIMIT: usize = 1024;

/// Lists longer than this are cut (elements).
const LIST_LIMIT: usize = 1024;

/// A service on the system bus.
#[derive(Clone, Copy)]
pub(super) struct Service<'a> {
    bus: &'a zbus::Connection,
    name: &'static str,
    what: Thing,
}

impl<'a> Service<'a> {
    pub(super) fn new(bus: &'a zbus::Connection, name: &'static str, what: Thing) -> Self {
        Self { bus, name, what }
    }

    /// Calls a method that only reads. The service is not started for it.
    pub(super) async fn call<R>(
        &self,
        path: &str,
        interface: &str,
        member: &str,
        body: &(impl serde::Serialize + DynamicType),
    ) -> Result<R, Reason>
    where
        R: for<'d> DynamicDeserialize<'d>,
    {
        let call = async {
            let proxy: zbus::Proxy<'_> = Builder::new(self.bus)
                .destination(self.name)?
                .path(path)?
                .interface(interface)?
                .cache_properties(CacheProperties::No)
                .build()
                .await?;
            proxy.call_with_flags(member, MethodFlags::NoAutoStart.into(), body).await
        };
        match call.await {
            Ok(Some(reply)) => Ok(reply),
            Ok(None) => Err(Reason::failed(self.what, "no reply")),
            Err(error) => Err(self.told(error)),
        }
    }

    /// All properties of one interface of an object.
    pub(super) async fn properties(&self, path: &str, interface: &str) -> Result<Properties, Reason> {
        self.call(path, "org.freedesktop.DBus.Properties", "GetAll", &(interface,)).await
    }

    /// Every object of a service, in one round trip.
    pub(super) async fn objects(&self, path: &str) -> Result<Objects, Reason> {
        let answer: HashMap<OwnedObjectPath, BTreeMap<String, Properties>> =
            self.call(path, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", &()).await?;
        Ok(answer.into_iter().map(|(path, object)| (path.to_string(), object)).collect())
    }

    fn told(&self, error: zbus::Error) -> Reason {
        let what = self.what;
        let zbus::Error::MethodError(name, ..) = &error else { return Reason::failed(what, error) };
        match name.as_str() {
            "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => {
                Reason::NotRunning { what }
            }
            "org.freedesktop.DBus.Error.AccessDenied" => Reason::NotPermitted { what },
            "org.freedesktop.DBus.Error.NoReply" | "org.freedesktop.DBus.Error.Timeout" => Reason::TimedOut { what },
            _ => Reason::failed(what, error),
        }
    }
}

/// The value itself, out of any variants it is wrapped in.
pub(super) fn plain<'v>(value: &'v Value<'v>) -> &'v Value<'v> {
    match value {
        Value::Value(inner) => plain(inner),
        other => other,
    }
}

/// A string or an object path, cut to a bounded length.
pub(super) fn text_of(value: &Value<'_>) -> Option<String> {
    match plain(value) {
        Value::Str(text) => Some(cut(text.as_str())),
        Value::ObjectPath(path) => Some(cut(path.as_str())),
        _ => None,
    }
}

/// An integer that fits.
pub(super) fn number_of(value: &Value<'_>) -> Option<i64> {
    match plain(value) {
        Value::U8(number) => Some(i64::from(*number)),
        Value::I16(number) => Some(i64::from(*number)),
        Value::U16(number) => Some(i64::from(*number)),
        Value::I32(number) => Some(i64::from(*number)),
        Value::U32(number) => Some(i64::from(*number)),
        Value::I64(number) => Some(*number),
        Value::U64(number) => i64::try_from(*number).ok(),
        _ => None,
    }
}

/// The bytes of an `ay`.
pub(super) fn bytes_of(value: &Value<'_>) -> Option<Vec<u8>> {
    let Value::Array(array) = plain(value) else { return None };
    items(array)
        .map(|item| match item {
            Value::U8(byte) => Some(*byte),
            _ => None,
        })
        .collect()
}

/// The elements of an array, a bounded number of them.
pub(super) fn items<'v>(array: &'v Array<'v>) -> impl Iterator<Item = &'v Value<'v>> {
    array.inner().iter().take(LIST_LIMIT).map(plain)
}

/// The elements of a property that is an array; none when it is not.
pub(super) fn list<'v>(properties: &'v Properties, key: &str) -> Vec<&'v Value<'v>> {
    match properties.get(key).map(|value| plain(value)) {
        Some(Value::Array(array)) => items(array).collect(),
        _ => Vec::new(),
    }
}

/// The fields of a structure; none when it is not one.
pub(super) fn fields<'v>(value: &'v Value<'v>) -> &'v [Value<'v>] {
    match plain(value) {
        Value::Structure(structure) => structure.fields(),
        _ => &[],
    }
}

/// The entries of an `a{sv}` or `a{ss}` within a value.
pub(super) fn entries<'v>(value: &'v Value<'v>) -> Vec<(String, &'v Value<'v>)> {
    match plain(value) {
        Value::Dict(dict) => {
            dict.iter().take(LIST_LIMIT).filter_map(|(key, value)| Some((text_of(key)?, plain(value)))).collect()
        }
        _ => Vec::new(),
    }
}

/// One entry of an `a{sv}` or `a{ss}` within a value.
pub(super) fn entry<'v>(value: &'v Value<'v>, key: &str) -> Option<&'v Value<'v>> {
    entries(value).into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// A property that is text.
pub(super) fn text(properties: &Properties, key: &str) -> Option<String> {
    properties.get(key).and_then(|value| text_of(value))
}

/// A property that is a list of texts or object paths; what is not text is left out.
pub(super) fn texts(properties: &Properties, key: &str) -> Vec<String> {
    list(properties, key).into_iter().filter_map(text_of).collect()
}

/// A property that is a number which fits.
pub(super) fn number<T: TryFrom<i64>>(properties: &Properties, key: &str) -> Option<T> {
    properties.get(key).and_then(|value| number_of(value)).and_then(|number| T::try_from(number).ok())
}

/// A property that is a yes or no.
pub(super) fn flag(properties: &Properties, key: &str) -> Option<bool> {
    match properties.get(key).map(|value| plain(value)) {
        Some(Value::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

/// Text cut to a bounded length, at a character.
fn cut(text: &str) -> String {
    let mut end = text.len().min(TEXT_LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}
