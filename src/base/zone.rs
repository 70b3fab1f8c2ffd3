//! Local dates and times in a zone, and what daylight-saving changes do to them.
