using OpCollector.Storage.Postgres;

namespace OpCollector.Reporting;

/// <summary>How one collector is doing, of all that keep their state in a database.</summary>
/// <param name="Holder">Who works for it at this moment; null where nobody does.</param>
internal sealed record NamedStatus(string Name, CollectorStatus Status, PostgresHolder? Holder);
