//! D-Bus services played from recordings, over a socket pair and through real serialisation.
//!
//! A recording is what `busctl --json=short call` printed on a real machine, one call a line:
//! `{"service", "path", "interface", "member", "argument"?, "reply": {"type", "data"}}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt as _;
use serde_json::Value as Json;
use zbus::zvariant::{Array, Dict, ObjectPath, Signature, Str, Structure, StructureBuilder, Value};

/// What a service does when it is called.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// It answers with this body.
    Body(Arc<Structure<'static>>),
    /// It refuses with this D-Bus error.
    Error(&'static str),
}

/// Replies by service, path, interface, member and first argument.
#[derive(Clone, Debug, Default)]
pub(crate) struct Services {
    replies: BTreeMap<String, Reply>,
    silent: Vec<String>,
}

impl Services {
    /// The services of a recording.
    pub(crate) fn recorded(recording: &str) -> Self {
        let recording: Json = serde_json::from_str(recording).expect("a recording is JSON");
        let mut services = Self::default();
        for call in recording["calls"].as_array().expect("calls") {
            let text = |key: &str| call[key].as_str().unwrap_or_default();
            let key = key(text("service"), text("path"), text("interface"), text("member"), text("argument"));
            services.replies.insert(key, Reply::Body(Arc::new(body(&call["reply"]))));
        }
        services
    }

    /// The same, with this service never answering.
    pub(crate) fn silent(mut self, service: &str) -> Self {
        self.silent.push(service.to_owned());
        self
    }

    /// The same, with this method answering so.
    pub(crate) fn with(mut self, service: &str, path: &str, interface: &str, member: &str, reply: Reply) -> Self {
        self.replies.insert(key(service, path, interface, member, ""), reply);
        self
    }

    /// A connection whose other end these services answer.
    pub(crate) async fn connect(self) -> zbus::Connection {
        let (ours, theirs) = tokio::net::UnixStream::pair().expect("a socket pair");
        let guid = zbus::Guid::generate();
        let server = zbus::connection::Builder::unix_stream(theirs).server(guid).expect("a guid").p2p().build();
        let client = zbus::connection::Builder::unix_stream(ours).p2p().build();
        let (server, client) = tokio::try_join!(server, client).expect("both ends meet");
        tokio::spawn(self.serve(server));
        client
    }

    async fn serve(self, connection: zbus::Connection) {
        let mut messages = zbus::MessageStream::from(&connection);
        while let Some(Ok(message)) = messages.next().await {
            let header = message.header();
            if header.message_type() != zbus::message::Type::MethodCall {
                continue;
            }
            let text = |part: Option<String>| part.unwrap_or_default();
            let service = text(header.destination().map(ToString::to_string));
            let path = text(header.path().map(ToString::to_string));
            let interface = text(header.interface().map(ToString::to_string));
            let member = text(header.member().map(ToString::to_string));
            let argument = message.body().deserialize::<String>().unwrap_or_default();
            if self.silent.contains(&service) {
                continue;
            }
            let reply = self.replies.get(&key(&service, &path, &interface, &member, &argument));
            let sent = match reply.unwrap_or(&Reply::Error("org.freedesktop.DBus.Error.ServiceUnknown")) {
                Reply::Body(body) => connection.reply(&header, body.as_ref()).await,
                Reply::Error(name) => connection.reply_error(&header, *name, &()).await,
            };
            sent.expect("a reply is sent");
        }
    }
}

fn key(service: &str, path: &str, interface: &str, member: &str, argument: &str) -> String {
    format!("{service} {path} {interface}.{member} {argument}")
}

/// A body from busctl's `{"type": "a{sv}", "data": [...]}`.
fn body(reply: &Json) -> Structure<'static> {
    let signature = format!("({})", reply["type"].as_str().expect("a type"));
    let Value::Structure(structure) = value(&Signature::try_from(signature.as_str()).expect("a type"), &reply["data"])
    else {
        panic!("a body is a structure")
    };
    structure
}

/// A value of this type from busctl's JSON, in which only variants carry their type.
fn value(signature: &Signature, data: &Json) -> Value<'static> {
    let number = || data.as_i64().unwrap_or_else(|| panic!("{data} is no number"));
    let text = || data.as_str().unwrap_or_else(|| panic!("{data} is no text")).to_owned();
    match signature {
        Signature::U8 => Value::U8(u8::try_from(number()).expect("a byte")),
        Signature::Bool => Value::Bool(data.as_bool().expect("a bool")),
        Signature::I32 => Value::I32(i32::try_from(number()).expect("an i32")),
        Signature::U32 => Value::U32(u32::try_from(number()).expect("a u32")),
        Signature::I64 => Value::I64(number()),
        Signature::U64 => Value::U64(data.as_u64().expect("a u64")),
        Signature::U16 => Value::U16(u16::try_from(number()).expect("a u16")),
        Signature::Str => Value::Str(Str::from(text())),
        Signature::ObjectPath => Value::ObjectPath(ObjectPath::try_from(text()).expect("a path")),
        Signature::Variant => {
            let inner = Signature::try_from(data["type"].as_str().expect("a type")).expect("a type");
            Value::Value(Box::new(value(&inner, &data["data"])))
        }
        Signature::Array(child) => {
            let mut array = Array::new(child.signature());
            for item in data.as_array().expect("an array") {
                array.append(value(child.signature(), item)).expect("its type");
            }
            Value::Array(array)
        }
        Signature::Dict { key, value: child } => {
            let mut dict = Dict::new(key.signature(), child.signature());
            for (name, item) in data.as_object().expect("an object") {
                let name = value(key.signature(), &Json::String(name.clone()));
                dict.append(name, value(child.signature(), item)).expect("its type");
            }
            Value::Dict(dict)
        }
        Signature::Structure(fields) => {
            let items = data.as_array().expect("a structure");
            let mut structure = StructureBuilder::new();
            for (field, item) in fields.iter().zip(items) {
                structure.push_value(value(field, item));
            }
            Value::Structure(structure.build().expect("fields"))
        }
        other => panic!("{other} does not occur in recordings"),
    }
}
