namespace OpCollector.Sources.Op;

/// <summary>
/// What ends a run because of how the log shows itself, each with the sentence for it. Nothing is skipped, and nothing is guessed.
/// </summary>
internal static class LogFailure
{
    public static Failure ShownOlder(long asked) => new(
        ExitCode.SourceData,
        $"Asked for the events newer than {asked}, op showed only older ones; nothing is skipped. Is the id right (opcollector "
            + "checkpoint show)?");

    public static Failure ShownTwice(long before, long now) => new(
        ExitCode.SourceData,
        $"op showed the same page for the events newer than {before} and than {now}; nothing is skipped, the next run asks again");

    /// <summary>Events that were read before are missing.</summary>
    public static Failure Gone(long? eid, string source) => new(
        ExitCode.SourceUnavailable,
        $"The log no longer shows event {eid}, which was read from it before: is it still account {source}, with the right View "
            + "Administrative Sidebar? The checkpoint stays where it is");

    /// <summary>A position above the whole log, one digit too long, would wait for ever while events pass below it.</summary>
    public static void RefuseBeyond(OpPage newest, long asked)
    {
        if (newest.Events is [.., var last] && last.Eid < asked)
        {
            throw new Failure(
                ExitCode.Configuration,
                $"The position {asked} is above the newest event of the log, {last.Eid}: nothing would ever be delivered. Fix it "
                    + "with opcollector checkpoint set EID (or start)");
        }
    }

    public static void RefuseUnreadable(OpPage page, long asked)
    {
        if (page.IsFull && page.Events.Count == 0)
        {
            throw new Failure(
                ExitCode.SourceData,
                $"A whole page next to event {asked} has no usable eid; it is in the quarantine, but nothing behind it can be asked for");
        }
    }
}
