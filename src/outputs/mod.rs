//! TELL: a verdict to a person or a program.

pub mod attest;
pub mod code;
pub mod desktop;
pub mod explain;
pub mod fleet;
pub mod guidance;
pub mod history;
pub mod html;
pub mod inspected;
pub mod json;
pub mod networks;
pub mod page;
pub mod phrase;
pub mod privacy;
pub mod report;
pub mod signatures;
pub mod terminal;
pub mod text;
pub mod tray;
