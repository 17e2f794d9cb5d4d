using System.Globalization;

namespace OpCollector.Sources.Op;

/// <summary>
/// What <c>check</c> tries with op: whether it lets us in, and whether the log is readable and still shows what was read from it.
/// </summary>
internal sealed class OpCheck(Op op, string fingerprint, TimeProvider time)
{
    public async Task<string> SignInAsync(CancellationToken ct)
    {
        var generation = await op.SignedInAsync(ct);
        return $"op {generation.Version} as {generation.Account}";
    }

    public async Task<string> LogAsync(OpPosition? position, CancellationToken ct)
    {
        var newest = await op.ListAsync(OpQuery.Newest, ct);
        if (position is null)
        {
            return Newest(newest);
        }

        var paging = new Paging(position);
        if (paging.IsBare)
        {
            LogFailure.RefuseBeyond(newest, position.LastEventId);
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
