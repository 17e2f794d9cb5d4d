using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// Walks back over the log from its newest events to where a question needs it, page by page into a file that outlives the run.
/// </summary>
/// <param name="path">Where an unfinished walk is kept.</param>
internal sealed class OpWalk(Op op, string fingerprint, string path, ILogger log) : IDisposable
{
    WalkFile? _file;

    /// <summary>How many pages this run has walked: progress that the next run builds on.</summary>
    public int Pages { get; private set; }

    /// <summary>The walk that is under way, or that an earlier run left; null where there is none.</summary>
    public WalkFile? Resume() => _file ??= WalkFile.Open(path, fingerprint);

    /// <param name="since">Where the walk looks for the start of a first run: the time at which it may end.</param>
    public WalkFile Begin(OpPage newest, DateTimeOffset? since = null)
    {
        _file?.Dispose();
        _file = WalkFile.Create(path, fingerprint, since);
        Append(_file, newest);
        return _file;
    }

    public void Append(WalkFile file, OpPage page)
    {
        file.Append(page);
        Pages++;
        log.Debug("Walked back to event {Eid}", file.Lowest);
    }

    /// <summary>Walks on down to an event or below it, to the bottom of the log at most.</summary>
    /// <returns>What is at the bottom without a usable eid: it cannot be walked past.</returns>
    public async Task<OpPage> DownToEventAsync(WalkFile file, long eid, CancellationToken ct)
    {
        try
        {
            while (file.Lowest > eid)
            {
                if (await BottomAsync(file, ct) is { } bottom)
                {
                    return bottom;
                }
            }

            return OpPage.Empty;
        }
        finally
        {
            file.Sync();
        }
    }

    /// <summary>Walks on down to what happened before a time, to the bottom of the log at most.</summary>
    public async Task DownToTimeAsync(WalkFile file, DateTimeOffset time, CancellationToken ct)
    {
        try
        {
            var bottom = (OpPage?)null;
            while (bottom is null && !(file.Ascending().First().Events[0].Time < time))
            {
                bottom = await BottomAsync(file, ct);
            }
        }
        finally
        {
            file.Sync();
        }
    }

    /// <summary>What op shows below <paramref name="eid"/> when it is asked for what is older than another one.</summary>
    public async Task<OpPage> BelowAsync(long eid, long asked, CancellationToken ct)
    {
        var page = await op.ListAsync(OpQuery.Older(asked), ct);
        if (page.Events.Any(each => each.Eid > asked))
        {
            throw new Failure(
                ExitCode.SourceData,
                $"Asked for the events older than {asked}, op showed newer ones; nothing is skipped, the next run asks again");
        }

        return eid == asked || page.Shows(eid)
            ? page.Below(eid)
            : throw new Failure(
                ExitCode.SourceUnavailable,
                $"Walking back, the log ended at event {eid} and then no longer showed it; what was walked is kept, the next run goes "
                    + "on there");
    }

    /// <summary>A walk that is wholly at or below a position is delivered, whichever run it was made by.</summary>
    public void Finish(OpPosition position)
    {
        if (Resume() is { } file && file.Highest <= position.LastEventId)
        {
            Forget();
        }
    }

    /// <summary>The walk is of no use any more.</summary>
    public void Forget()
    {
        _file?.Delete();
        _file = null;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Walks one page on down.</summary>
    /// <returns>What is at the bottom of the log without a usable eid; null where the walk goes on.</returns>
    async Task<OpPage?> BottomAsync(WalkFile file, CancellationToken ct)
    {
        var below = await BelowAsync(file.Lowest, file.Lowest, ct);
        var found = below.Events.Count > 0 ? below : await ConfirmBottomAsync(file, ct);
        if (found.Events.Count == 0)
        {
            return below;
        }

        Append(file, found);
        return null;
    }

    /// <summary>
    /// Nothing below may mean the bottom of the log, or a server in trouble. The anchor again: asked from the event above it,
    /// the answer must show the lowest one.
    /// </summary>
    async Task<OpPage> ConfirmBottomAsync(WalkFile file, CancellationToken ct)
    {
        var above =
            file.Ascending().Take(2).SelectMany(page => page.Events).Select(each => each.Eid).FirstOrDefault(eid => eid > file.Lowest);
        // A single event leaves nothing to ask from.
        return above == 0 ? OpPage.Empty : await BelowAsync(file.Lowest, above, ct);
    }
}
