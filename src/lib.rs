//! Homeward tells a home worker, in plain words and with evidence, whether the connection they are
//! working over meets their employer's guidance, and tells a helpdesk why.
//!
//! The stages, in the order a value goes through them:
//!
//! | stage | modules | does |
//! | --- | --- | --- |
//! | LOOK | [`sources`] | asks the machine, each topic at once, each with a deadline |
//! | WIRE | [`wire`] | packets from a file or the wire, classified with signatures |
//! | SENSOR | [`sensor`] | the small privileged program that sees packets and tells |
//! | KNOW | [`facts`] | what was learned: plain data, known or unknown with a reason |
//! | ASK | [`guidance`] | what the employer asks: a file, validated |
//! | INFER | [`inference`] | what follows from facts alone or with the guidance: no I/O, no words |
//! | JUDGE | [`checks`] | one check, one file: facts and guidance to an outcome |
//! | SUM UP | [`verdict`] | all outcomes to one verdict of four words |
//! | KNOW AGAIN | [`memory`] | networks met before, and how this one compares with them |
//! | WHEN | [`alerts`] | verdicts and the time to what is told, and when it is taken back |
//! | KEEP | [`history`] | what happened when, for the helpdesk |
//! | TELL | [`outputs`] | a verdict to a terminal, to JSON, to an explanation |
//!
//! [`words`] is the catalogue every sentence comes from; [`signatures`] reads the data files of
//! `signatures/`; [`commands`] holds one file a subcommand, each of which reads as the pipeline it is.

pub mod sources;

pub mod wire;

pub mod sensor;

pub mod facts;

pub mod guidance;
pub mod signatures;

pub mod inference;

pub mod memory;

pub mod checks;

pub mod verdict;

pub mod alerts;

pub mod history;

pub mod redact;

pub mod words;

pub mod outputs;

pub mod commands;
