namespace OpCollector.Sources.Op;

/// <summary>A small part of the log: the ids above one, up to and with another.</summary>
internal readonly record struct OpRange(long Low, long High)
{
    public long Width => High - Low;
}
