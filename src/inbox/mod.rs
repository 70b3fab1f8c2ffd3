//! The inbox: conversations and messages.
