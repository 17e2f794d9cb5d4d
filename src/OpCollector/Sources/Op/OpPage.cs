using System.IO.Hashing;
using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>One answer of <c>op list events</c>, its events in ascending order whatever order they came in.</summary>
/// <param name="Count">How many items the answer had, readable or not: the server gives at most <see cref="Full"/>.</param>
internal sealed record OpPage(IReadOnlyList<ActivityEvent> Events, IReadOnlyList<MalformedEvent> Malformed, int Count)
{
    public const int Full = 100;

    const int ShownOfNonsense = 40;

    public static readonly OpPage Empty = new([], [], 0);

    public bool IsFull => Count >= Full;

    /// <summary>How much memory it takes, about.</summary>
    public long Bytes => Events.Sum(each => (long)each.Bytes.Length) + Malformed.Sum(each => (long)each.Bytes.Length);

    /// <summary>What tells it from any other page: the page itself may be large.</summary>
    public ulong Hash
    {
        get
        {
            var hash = new XxHash3(Count);
            foreach (var each in Events)
            {
                hash.Append(each.Bytes.Span);
            }

            return hash.GetCurrentHashAsUInt64();
        }
    }

    public static OpPage Parse(ReadOnlyMemory<byte> json)
    {
        var items = PageJson.Items(
            json, static (ref reader, page) => ActivityEvent.Read(ref reader, page, EventIdentity.Op), PageJson.MostEvents);
        var events = new List<ActivityEvent>(items.Count);
        var malformed = new List<MalformedEvent>();
        foreach (var (read, unreadable) in items)
        {
            if (read is not null)
            {
                events.Add(read);
            }
            else
            {
                malformed.Add(unreadable!);
            }
        }

        // Much of a large answer may be white space.
        var bytes = events.Sum(each => (long)each.Bytes.Length) + malformed.Sum(each => (long)each.Bytes.Length);
        if (LargeMemory.Wastes(json.Length, bytes))
        {
            events = [.. events.Select(each => each with { Bytes = each.Bytes.ToArray() })];
            malformed = [.. malformed.Select(each => each with { Bytes = each.Bytes.ToArray() })];
        }

        return new OpPage([.. DuplicateIds.Apart([.. events.OrderBy(each => each.Eid)])], malformed, items.Count);
    }

    /// <summary>
    /// The page in an answer, or null when the call failed. Neither exit code 0 nor an empty stderr proves an answer, and
    /// neither 1 nor a line on stderr disproves one: a whole array is a page.
    /// </summary>
    /// <exception cref="Failure">op reports success, but what it printed is not a page (65).</exception>
    public static OpPage? TryParse(OpAnswer answer)
    {
        var failed = answer.ExitCode != 0 || OpFailure.IsReported(answer.Errors);
        try
        {
            var page = Parse(answer.Output);
            return page.Count > 0 || !failed ? page : null;
        }
        catch (NoJsonException ex)
        {
            return failed ? null : throw new Failure(ExitCode.SourceData, Unreadable(answer.Output.Span, ex), ex);
        }
    }

    public OpPage Above(long eid) => this with { Events = [.. Events.Where(each => each.Eid > eid)] };

    public OpPage Below(long eid) => this with { Events = [.. Events.Where(each => each.Eid < eid)] };

    public bool Shows(long eid) => Events.Any(each => each.Eid == eid);

    static string Unreadable(ReadOnlySpan<byte> output, NoJsonException why)
    {
        var trimmed = output.Trim(" \t\r\n"u8);
        var what = trimmed.StartsWith("["u8) && why.Line is null ? $"a list that is not a page: {why.Message}"
            : trimmed.StartsWith("["u8) ? "half a page: the array is broken or does not end"
            : trimmed.Length <= ForeignText.Most ? $"no page of events but \"{ForeignText.Clean(trimmed)}\""
            : "no page of events but something that begins with "
                + $"\"{ForeignText.Clean(trimmed[..Math.Min(ShownOfNonsense, trimmed.Length)])}\"";
        return $"op list events printed {what} ({output.Length} bytes); nothing is skipped, the next run asks again";
    }
}
