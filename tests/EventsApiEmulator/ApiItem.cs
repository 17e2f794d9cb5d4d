namespace EventsApiEmulator;

/// <summary>An event as a stream holds it: where it stands, and its text.</summary>
/// <param name="Number">How many were inserted before it.</param>
internal sealed record ApiItem(string Uuid, DateTimeOffset Time, string Text, int Number) : IComparable<ApiItem>
{
    /// <summary>By milliseconds and then by uuid, as a cursor of 2021 shows it (events-api-splunk, store_test.go).</summary>
    public int CompareTo(ApiItem? other) =>
        (Time.ToUnixTimeMilliseconds(), Uuid).CompareTo((other!.Time.ToUnixTimeMilliseconds(), other.Uuid));
}
