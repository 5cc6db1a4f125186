//! OpenTelemetry logs as OTLP/HTTP has them in JSON (opentelemetry-proto 1.x, `ExportLogsServiceRequest`).

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::Event;
use crate::words::Words;

/// A record, with when it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// The body of a request.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn body(words: &Words, instance: &str, records: &[Record], lost: u64) -> serde_json::Result<Vec<u8>> {
    let mut logs: Vec<Value> = records.iter().map(|record| log(words, record)).collect();
    if let Some(first) = records.first().filter(|_| lost > 0) {
        let says = words.say(&crate::checks::say("fleet-lost").with("count", lost));
        let attributes = vec![attribute("homeward.lost", lost.to_string())];
        logs.insert(0, entry(first.at, 13, &says, &attributes));
    }
    serde_json::to_vec(&json!({ "resourceLogs": [{
        "resource": { "attributes": [
            attribute("service.name", "homeward"),
            attribute("service.version", env!("CARGO_PKG_VERSION")),
            attribute("service.instance.id", instance),
        ] },
        "scopeLogs": [{ "scope": { "name": "homeward.watch", "version": env!("CARGO_PKG_VERSION") }, "logRecords": logs }],
    }] }))
}

fn log(words: &Words, record: &Record) -> Value {
    // Severity numbers of the log data model: ERROR 17, WARN 13, INFO 9.
    let severity = match record.event.urgency() {
        3 => 17,
        4 => 13,
        _ => 9,
    };
    let fields = record.event.fields();
    let attributes: Vec<Value> =
        fields.iter().map(|(name, value)| attribute(&format!("homeward.{name}"), value)).collect();
    entry(record.at, severity, &record.event.says(words), &attributes)
}

fn entry(at: Timestamp, severity: u8, says: &str, attributes: &[Value]) -> Value {
    let nanoseconds = at.as_nanosecond().to_string();
    json!({ "timeUnixNano": nanoseconds, "observedTimeUnixNano": nanoseconds, "severityNumber": severity,
        "severityText": match severity { 17 => "ERROR", 13 => "WARN", _ => "INFO" },
        "body": { "stringValue": says }, "attributes": attributes })
}

fn attribute(key: &str, value: impl Serialize) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

/// Where records go: the collector's address with the path of the signal, as the specification has it.
///
/// # Errors
/// What is wrong with the address.
pub fn endpoint(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let plain = text.len() <= 2000 && text.bytes().all(|byte| byte.is_ascii_graphic());
    if host.is_empty() || host.contains('@') || !plain || text.contains(['?', '#']) {
        return Err("give the collector's address: https://HOST:4318".to_owned());
    }
    let base = text.trim_end_matches('/');
    Ok(if base.ends_with("/v1/logs") { base.to_owned() } else { format!("{base}/v1/logs") })
}

#[cfg(test)]
mod tests {
    use super::super::tests::began;
    use super::*;
    use crate::words::Lang;

    #[test]
    fn a_record_is_what_the_protocol_asks() {
        let record = Record { at: "2026-11-26T08:00:00Z".parse().unwrap(), event: began() };
        let body: Value = serde_json::from_slice(&body(&Words::new(Lang::En), "id", &[record], 3).unwrap()).unwrap();
        let logs = &body["resourceLogs"][0]["scopeLogs"][0]["logRecords"];
        assert_eq!(logs.as_array().unwrap().len(), 2, "what was lost is told first");
        let record = &logs[1];
        assert_eq!(record["timeUnixNano"], "1795680000000000000");
        assert_eq!(record["severityNumber"], 17);
        let attributes = record["attributes"].as_array().unwrap();
        assert!(attributes.contains(&json!({"key": "homeward.check", "value": {"stringValue": "wifi-unencrypted"}})));
    }

    #[test]
    fn an_address_becomes_that_of_the_logs() {
        assert_eq!(endpoint("http://127.0.0.1:4318").unwrap(), "http://127.0.0.1:4318/v1/logs");
        assert_eq!(endpoint("https://otel.example/x/").unwrap(), "https://otel.example/x/v1/logs");
        assert_eq!(endpoint("https://otel.example/v1/logs").unwrap(), "https://otel.example/v1/logs");
        for wrong in ["", "otel.example", "ftp://x", "https://", "https://user:pw@x", "https://a b", "http://x/?a=b"] {
            assert!(endpoint(wrong).is_err(), "{wrong}");
        }
    }
}
