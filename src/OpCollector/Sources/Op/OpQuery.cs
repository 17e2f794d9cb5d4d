namespace OpCollector.Sources.Op;

/// <summary>A question about the log: the newest events, or those next to an id on one side of it.</summary>
internal readonly record struct OpQuery(OpQuery.Side Of, long Eid)
{
    public static readonly OpQuery Newest = new(Side.Newest, 0);

    public static OpQuery Newer(long eid) => new(Side.Newer, eid);

    public static OpQuery Older(long eid) => new(Side.Older, eid);

    internal enum Side
    {
        Newest,
        Newer,
        Older,
    }
}
