namespace OpCollector.Sources.Op;

/// <summary>A question about the log: for its newest events, or for those next to an event on one side of it.</summary>
internal readonly record struct OpQuery(LogSide Side, long Eid)
{
    public static readonly OpQuery Newest = new(LogSide.Newest, 0);

    public static OpQuery Newer(long eid) => new(LogSide.Newer, eid);

    public static OpQuery Older(long eid) => new(LogSide.Older, eid);
}

/// <summary>Which events a question is for.</summary>
internal enum LogSide
{
    Newest,
    Newer,
    Older,
}
