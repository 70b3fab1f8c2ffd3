//! People: workspaces, members, roles, sessions.
