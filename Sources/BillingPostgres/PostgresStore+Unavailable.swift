#if !Postgres
/// A stand-in that says why there is no store: the trait `Postgres` of billing-kit is off.
@available(*, unavailable, message: "The trait 'Postgres' of billing-kit is off; enable it where the package is named.")
public enum PostgresStore {}
#endif
