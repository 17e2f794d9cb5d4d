namespace OpCollector.Enrichment;

/// <summary>The text of a member of an event, as it stands between its quotes, and where in the event the member ends.</summary>
/// <param name="end">0 where the event has no such member, or none that is a text.</param>
internal readonly ref struct EventMember(ReadOnlySpan<byte> text, int end)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public int End { get; } = end;
}
