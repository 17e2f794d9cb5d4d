using System.Globalization;

namespace OpCollector.Sources.Op;

/// <summary>Tries whether op's log is readable, and whether it still shows what was read from it.</summary>
internal sealed class LogCheck(Op op, string fingerprint, TimeProvider time) : SourceCheck("log")
{
    /// <summary>Up to where it was read; null where it was not.</summary>
    public OpPosition? Position { get; init; }

    public override async Task<string> TryAsync(CancellationToken ct)
    {
        var newest = await op.ListAsync(OpQuery.Newest, ct);
        if (Position is null)
        {
            return Newest(newest);
        }

        var paging = new Paging(Position);
        if (paging.IsBare)
        {
            LogFailure.RefuseBeyond(newest, Position.LastEventId);
        }

        if (paging.Expected is null)
        {
            return Newest(newest);
        }

        var page = await op.ListAsync(OpQuery.Newer(paging.Asked), ct);
        return paging.Judge(page) == PageVerdict.Gone && paging.GoneTooEarly(page, time.GetUtcNow()) is { } gone
            ? throw LogFailure.Gone(gone, fingerprint)
            : $"{Newest(newest)}, and it shows what was read from it before";
    }

    static string Newest(OpPage page) => page.Events.Count == 0
        ? "readable, and empty"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"readable, the newest event is {page.Events[^1].Eid}{(page.Events[^1].Time is { } time ? $" of {time:u}" : "")}");
}
