namespace SiemEmulator.Receivers;

/// <summary>Whose <c>_bulk</c> it is; they differ in a few words and in what they refuse.</summary>
internal enum BulkDialect
{
    Elasticsearch,
    OpenSearch,
}
