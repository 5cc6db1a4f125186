//! One file a subcommand; each reads as the pipeline it is.
