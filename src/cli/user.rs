//! `belfry user`: the way in for who is locked out, and for set-up without a browser.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::control::{self, Order};
use super::{Common, say};
use crate::people::Role;

#[derive(Debug, Args)]
pub(super) struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add a person; the password is read from standard input or `BELFRY_PASSWORD`
    Add {
        /// The sign-in name or e-mail address
        sign_in: String,
        /// The name others see [default: the sign-in name]
        #[arg(long)]
        name: Option<String>,
        /// Runs the server: makes workspaces, looks after backups. The first person always does
        #[arg(long)]
        admin: bool,
        /// Make the person a member of this workspace, by its part of the address
        #[arg(long, value_name = "SLUG")]
        workspace: Option<String>,
        /// As owner, admin, editor, author, approver or viewer
        #[arg(long, default_value = "viewer", requires = "workspace")]
        role: Role,
    },
    /// Set a new password and end all sessions; the password is read from standard input or `BELFRY_PASSWORD`
    Password {
        /// The sign-in name
        sign_in: String,
    },
    /// List people
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

impl User {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.config(&[])?;
        match self.what {
            What::Add { sign_in, name, admin, workspace, role } => {
                let name = name.unwrap_or_else(|| sign_in.clone());
                let password = say::password()?.to_string();
                let member_of = workspace.map(|slug| (slug, role));
                let told = control::send(config, Order::UserAdd { name, sign_in, password, admin, member_of }).await?;
                say::line(&format!("Added {}.", text(&told, "sign_in")));
            }
            What::Password { sign_in } => {
                let password = say::password()?.to_string();
                control::send(config, Order::UserPassword { sign_in: sign_in.clone(), password }).await?;
                say::line(&format!("{sign_in} has a new password; all sessions have ended."));
            }
            What::List { json } => {
                let told = control::send(config, Order::UserList).await?;
                if json {
                    say::line(&told.to_string());
                } else {
                    for person in told.as_array().into_iter().flatten() {
                        let admin = if person.get("admin").and_then(serde_json::Value::as_bool) == Some(true) {
                            "  server admin"
                        } else {
                            ""
                        };
                        say::line(&format!("{}  {}{admin}", text(person, "sign_in"), text(person, "name")));
                    }
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A text of what was told.
pub(super) fn text<'a>(told: &'a serde_json::Value, field: &str) -> &'a str {
    told.get(field).and_then(serde_json::Value::as_str).unwrap_or_default()
}
