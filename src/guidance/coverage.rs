//! Clause to check and back: what asks for each check, and what becomes of each clause.

use serde::Serialize;

use super::clauses::{self, Served, Standing, Words};
use super::{Guidance, SeverityRule};
use crate::checks::{self, Check};
use crate::facts::Basis;

/// Every clause with the checks that serve it, and every check with the clauses it serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// By document, in the order of `clauses.toml`, then the employer's own.
    pub documents: Vec<Document>,
    /// In the order of [`checks::ALL`].
    pub checks: Vec<Serving>,
}

/// One document's clauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Document {
    /// Its name for people.
    pub title: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// Whether anybody asks it.
    pub standing: Standing,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

/// One clause and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Clause {
    /// Its id.
    pub id: String,
    /// What it asks.
    pub text: String,
    /// Whose words that is; `None` for the employer's own.
    pub words: Option<Words>,
    /// Where it was read.
    pub read: Option<String>,
    /// How it is served.
    pub served: Served,
    /// Why no check looks at it, where none does.
    pub reason: Option<String>,
    /// The checks that serve it.
    pub checks: Vec<String>,
    /// Those of them that this guidance switches off.
    pub off: Vec<String>,
}

/// One check and the clauses it serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Serving {
    /// Its id.
    pub check: String,
    /// Whether this guidance switches it off.
    pub off: bool,
    /// Title of the document and id of the clause.
    pub clauses: Vec<(String, String)>,
}

/// Works it out for this guidance.
pub fn coverage(guidance: &Guidance) -> Coverage {
    let off = |check: &str| guidance.severity_of(check) == Some(SeverityRule::Off);
    let known = clauses::documents().iter().map(|document| Document {
        title: document.title.clone(),
        author: Some(document.author.clone()),
        standing: document.standing,
        clauses: document
            .clauses
            .iter()
            .map(|clause| {
                let checks = citing(&document.key, &clause.id);
                Clause {
                    id: clause.id.clone(),
                    text: clause.text.clone(),
                    words: Some(clause.words),
                    read: clause.read.clone(),
                    served: clause.served,
                    reason: clause.reason.clone(),
                    off: checks.iter().filter(|check| off(check.id)).map(|check| check.id.to_owned()).collect(),
                    checks: checks.iter().map(|check| check.id.to_owned()).collect(),
                }
            })
            .collect(),
    });
    let mut documents: Vec<Document> = known.collect();
    for clause in &guidance.clauses {
        let own = Clause {
            id: clause.id.clone(),
            text: clause.text.clone(),
            words: None,
            read: None,
            served: served(&clause.checks),
            reason: None,
            checks: clause.checks.clone(),
            off: clause.checks.iter().filter(|check| off(check)).cloned().collect(),
        };
        let is_its = |document: &&mut Document| document.author.is_none() && document.title == clause.source;
        if let Some(document) = documents.iter_mut().find(is_its) {
            document.clauses.push(own);
        } else {
            documents.push(Document {
                title: clause.source.clone(),
                author: None,
                standing: Standing::Published,
                clauses: vec![own],
            });
        }
    }
    let serving = checks::ALL.iter().map(|check| Serving {
        check: check.id.to_owned(),
        off: off(check.id),
        clauses: check
            .citations
            .iter()
            .map(|citation| (clauses::title(citation.source).to_owned(), citation.clause.to_owned()))
            .chain(guidance.clauses_naming(check.id).map(|clause| (clause.source, clause.clause)))
            .collect(),
    });
    Coverage { documents, checks: serving.collect() }
}

/// The checks that cite a clause.
pub fn citing(document: &str, clause: &str) -> Vec<&'static Check> {
    let cites = |check: &&&Check| {
        check.citations.iter().any(|citation| citation.source == document && citation.clause == clause)
    };
    checks::ALL.iter().filter(cites).copied().collect()
}

/// How an employer's own clause is served, by the checks it names.
fn served(named: &[String]) -> Served {
    let bases: Vec<Basis> = named.iter().filter_map(|id| checks::find(id)).map(|check| check.basis).collect();
    if bases.is_empty() {
        Served::No
    } else if bases.iter().all(|basis| *basis == Basis::Attested) {
        Served::Asked
    } else {
        Served::Checked
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_citation_names_a_clause_that_is_written_down() {
        for check in checks::ALL {
            assert!(!check.citations.is_empty(), "{} says for whose sake it is", check.id);
            for citation in check.citations {
                let document = clauses::document(citation.source)
                    .unwrap_or_else(|| panic!("{} cites {}, which clauses.toml lacks", check.id, citation.source));
                assert!(
                    document.clauses.iter().any(|clause| clause.id == citation.clause),
                    "{} cites {} {}, which clauses.toml lacks",
                    check.id,
                    citation.source,
                    citation.clause
                );
            }
        }
    }

    #[test]
    fn every_clause_is_served_as_it_says_and_none_is_left_without_a_word() {
        for document in clauses::documents() {
            for clause in &document.clauses {
                let name = format!("{} {}", document.key, clause.id);
                let by = citing(&document.key, &clause.id);
                let asked = by.iter().filter(|check| check.basis == Basis::Attested).count();
                match clause.served {
                    Served::Checked => assert!(asked < by.len(), "{name} is said to be checked, and no check cites it"),
                    Served::Asked => {
                        assert!(asked > 0, "{name} is said to be asked, and no question cites it");
                        assert!(clause.reason.is_some(), "{name}: why no program can see it");
                    }
                    Served::No => {
                        assert!(by.is_empty(), "{name} is said to be served by nothing, and a check cites it");
                        assert!(clause.reason.is_some(), "{name}: why it is not served");
                    }
                }
                if document.standing == Standing::Published {
                    assert!(clause.words != Words::Own && clause.read.is_some(), "{name}: where it was read");
                } else {
                    assert!(clause.words == Words::Own && clause.read.is_none(), "{name} is nobody's rule");
                }
            }
        }
    }

    #[test]
    fn the_three_notes_are_there_whole() {
        let ids = |key: &str| -> Vec<String> {
            clauses::document(key).expect("there").clauses.iter().map(|clause| clause.id.clone()).collect()
        };
        let numbered = |letter: &str, last: usize| (1..=last).map(|n| format!("{letter}-{n}")).collect::<Vec<_>>();
        assert_eq!(ids("pcpd-employees-2020"), numbered("E", 18));
        assert_eq!(ids("pcpd-organisations-2020"), numbered("O", 11));
        assert_eq!(ids("pcpd-video-2020"), numbered("V", 6));
    }

    #[test]
    fn keys_and_ids_are_given_once() {
        let mut keys = BTreeSet::new();
        for document in clauses::documents() {
            assert!(keys.insert(&document.key), "{} is there twice", document.key);
            let ids: BTreeSet<_> = document.clauses.iter().map(|clause| &clause.id).collect();
            assert_eq!(ids.len(), document.clauses.len(), "{} has an id twice", document.key);
        }
    }

    #[test]
    fn what_is_only_recalled_is_never_all_a_check_rests_on() {
        for check in checks::ALL {
            let firm = check.citations.iter().any(|citation| {
                clauses::document(citation.source)
                    .and_then(|document| document.clauses.iter().find(|clause| clause.id == citation.clause))
                    .is_some_and(|clause| clause.words != Words::Recalled)
            });
            assert!(firm, "{} rests on a clause that no source read tells", check.id);
        }
    }

    #[test]
    fn the_employers_own_clauses_join_in() {
        let guidance = super::super::parse(
            "[[clause]]\nid = \"4.2\"\nsource = \"Acme rule\"\ntext = \"Use it\"\nchecks = [\"vpn-down\"]\n[[clause]]\nid = \"4.3\"\nsource = \"Acme rule\"\ntext = \"Be kind\"\n[severity]\nvpn-down = \"off\"\n",
            "g.toml",
        )
        .expect("good");
        let coverage = coverage(&guidance);
        let acme = coverage.documents.last().expect("there");
        assert_eq!((acme.title.as_str(), acme.clauses.len()), ("Acme rule", 2));
        assert_eq!(acme.clauses[0].served, Served::Checked);
        assert_eq!(acme.clauses[0].off, ["vpn-down"]);
        assert_eq!(acme.clauses[1].served, Served::No);
    }
}
