//! The README's picture is what the program prints: its words and colours, drawn as SVG.
//!
//! `BLESS=1 cargo test --test cli picture` draws it anew.

use std::fmt::Write as _;
use std::path::Path;

/// Width of a column and height of a line at the picture's type size, in pixels.
const COLUMN: usize = 8;
const LINE: usize = 18;
const MARGIN: usize = 16;

/// Class names for the styles the program uses.
fn class(codes: &str, current: &mut Vec<&'static str>) {
    for code in codes.split(';') {
        match code {
            "1" => current.push("bold"),
            "2" => current.push("dim"),
            "31" => current.push("red"),
            "32" => current.push("green"),
            "33" => current.push("yellow"),
            "34" => current.push("blue"),
            "0" | "" => current.clear(),
            other => panic!("the picture does not know the style {other}"),
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// One line of terminal output as spans.
fn spans(line: &str) -> String {
    let mut out = String::new();
    let mut style: Vec<&'static str> = Vec::new();
    for (number, piece) in line.split('\u{1b}').enumerate() {
        let text = if number == 0 {
            piece
        } else {
            let (codes, text) = piece.strip_prefix('[').and_then(|rest| rest.split_once('m')).expect("a colour code");
            class(codes, &mut style);
            text
        };
        if text.is_empty() {
            continue;
        }
        if style.is_empty() {
            out.push_str(&escape(text));
        } else {
            let _ = write!(out, "<tspan class=\"{}\">{}</tspan>", style.join(" "), escape(text));
        }
    }
    out
}

/// A terminal of 80 columns that shows a command and what it printed.
fn draw(command: &str, printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    let (width, height) = (80 * COLUMN + 2 * MARGIN + 40, (lines.len() + 2) * LINE + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{command} on an open café network</title>\n\
         <style>\n\
         text {{ font: 13.5px 'DejaVu Sans Mono', ui-monospace, Menlo, Consolas, monospace; fill: #d6deeb; white-space: pre; }}\n\
         .bold {{ font-weight: bold; }} .dim {{ fill: #8fa1b3; }} .red {{ fill: #ff7b72; }}\n\
         .green {{ fill: #7ee787; }} .yellow {{ fill: #f2cc60; }} .blue {{ fill: #79c0ff; }}\n\
         </style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1b2a\"/>\n"
    );
    let mut row = |number: usize, content: &str| {
        let y = MARGIN + (number + 1) * LINE - 4;
        let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"{y}\" xml:space=\"preserve\">{content}</text>");
    };
    row(0, &format!("<tspan class=\"dim\">$</tspan> {}", escape(command)));
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        row(number + 2, &spans(line));
    }
    svg.push_str("</svg>\n");
    svg
}

#[test]
fn the_picture_is_what_the_program_prints() {
    let mut command = super::program(&["check", "--facts", super::base("cafe").to_str().expect("UTF-8")]);
    command.env("CLICOLOR_FORCE", "1");
    let drawn = draw("homeward check", &super::finish(command).out);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("service/pictures/check.svg");
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, &drawn).expect("written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "{} is not what the program prints; BLESS=1 draws it anew", path.display());
}
