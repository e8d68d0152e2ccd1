#if !SQLite
/// A stand-in that says why there is no store: the trait `SQLite` of billing-kit is off.
@available(*, unavailable, message: "The trait 'SQLite' of billing-kit is off; leave its default on, or enable it.")
public enum SQLiteStore {}
#endif
