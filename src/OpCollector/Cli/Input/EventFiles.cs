using System.Globalization;
using System.Text.Json;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Cli.Input;

/// <summary>
/// Events from files and pipes: on lines of their own, printed over several lines, or in pages as op and the Events API print them.
/// Anything that is not an event is skipped, reported and counted.
/// </summary>
/// <param name="stream">The stream of all of them; null where each event tells.</param>
internal sealed class EventFiles(string? stream, ILogger log)
{
    const string Stdin = "-";

    // Each page is read through for the pages in it.
    const int DeepestPage = 8;
    const string NoStream = "nothing tells what kind of event this is; give it a member \"stream\" (detect also takes --stream)";

    readonly UnreadableTimes _unreadableTimes = new();
    readonly SkippedInput _skipped = new(log);

    /// <summary>Whether somebody would have to type what is read from stdin.</summary>
    public static bool IsStdinTerminal => !Console.IsInputRedirected;

    public long Events { get; private set; }

    /// <summary>Findings that were delivered between the events; they are not looked at.</summary>
    public long Findings { get; private set; }

    /// <summary>How it went, when all is read.</summary>
    public ExitCode Code => _skipped.Code;

    /// <summary>Each event, with a stream. Its bytes are good until the next one.</summary>
    /// <exception cref="Failure">A file cannot be opened (64), or its disk fails (74).</exception>
    public IEnumerable<(ReadOnlyMemory<byte> Bytes, UntaggedEvent Marks)> Read(IReadOnlyList<string> files)
    {
        foreach (var file in files.Count == 0 ? [Stdin] : files)
        {
            if (file == Stdin && IsStdinTerminal)
            {
                log.Information("Reading events from stdin; end with Ctrl+D");
            }

            using var input = Open(file);
            var objects = new JsonObjects(input);
            while (Next(objects, file) is { } found)
            {
                if (found.Marks.Kind == ObjectKind.Page)
                {
                    foreach (var each in EventsIn(found, told: null, depth: 0))
                    {
                        if (Count(each, file))
                        {
                            yield return (each.Bytes, each.Marks);
                        }
                    }
                }
                else if (Tagged(found, told: null) is var tagged && Count(tagged, file))
                {
                    yield return (tagged.Bytes, tagged.Marks);
                }
            }
        }
    }

    /// <summary>Tells what all of it has in common.</summary>
    public void Finish()
    {
        _skipped.Finish(Events);
        if (_unreadableTimes.Warning is { } warning)
        {
            log.Warning("{Warning:l}", warning);
        }
    }

    static Stream Open(string file)
    {
        try
        {
            return file == Stdin
                ? Console.OpenStandardInput()
                : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Usage, $"{file}: cannot be read: {SystemError.Describe(ex, file)}", ex);
        }
    }

    static FoundObject? Next(JsonObjects objects, string file)
    {
        try
        {
            return objects.Next();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Disk, $"{NameOf(file)}: cannot be read: {SystemError.Describe(ex, file)}", ex);
        }
    }

    static string NameOf(string file) => file == Stdin ? "stdin" : file;

    /// <returns>Whether it is an event.</returns>
    bool Count(in FoundObject found, string file)
    {
        if (found.Wrong is not null)
        {
            _skipped.Add(
                NameOf(file), found.Line.ToString(CultureInfo.InvariantCulture), found.Wrong);
            return false;
        }

        if (found.Marks.Kind == ObjectKind.Finding)
        {
            Findings++;
            return false;
        }

        Events++;
        if (found.Marks.Time is null)
        {
            _unreadableTimes.Add(found.Marks.Id, found.Bytes);
        }

        return true;
    }

    /// <param name="told">The stream that a page tells for its events.</param>
    /// <param name="depth">How many pages it is in.</param>
    IEnumerable<FoundObject> EventsIn(FoundObject found, string? told, int depth) =>
        found.Marks.Kind != ObjectKind.Page ? [Tagged(found, told)]
        : depth == DeepestPage ? [found with { Wrong = $"is a page in more than {DeepestPage} others" }]
        : Items(found).SelectMany(item => EventsIn(item, stream ?? found.Marks.Stream ?? told, depth + 1));

    FoundObject Tagged(in FoundObject found, string? told)
    {
        if (found.Wrong is not null)
        {
            return found;
        }

        var marks = found.Marks with { Stream = stream ?? found.Marks.Stream ?? told };
        return found with
        {
            Marks = marks,
            Wrong = marks switch
            {
                { Kind: ObjectKind.Finding } => null,
                { Kind: ObjectKind.Unknown } => NoEvent(marks.Stream),
                { Stream: null } => NoStream,
                _ => null,
            },
        };
    }

    static string NoEvent(string? stream) => stream is null ? NoStream : "is neither an event nor a page of events";

    // One after the other: what is known of an item takes a hundred times the size of a small one, and a page may hold millions.
    static IEnumerable<FoundObject> Items(FoundObject page)
    {
        var (rest, state) = (page.Bytes[page.Marks.ListAt..], new JsonReaderState(PageJson.ReaderOptions));
        while (NextItem(ref rest, ref state) is { } item)
        {
            yield return item.Span[0] == (byte)'{'
                ? new FoundObject(item, UntaggedEvent.Read(item), page.Line, null)
                : new FoundObject(default, default, page.Line, "holds in its list what is not a JSON object");
        }
    }

    /// <returns>Null behind the last item, and where there is no list but <c>null</c>.</returns>
    static ReadOnlyMemory<byte>? NextItem(ref ReadOnlyMemory<byte> rest, ref JsonReaderState state)
    {
        var reader = new Utf8JsonReader(rest.Span, isFinalBlock: true, state);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray && reader.CurrentDepth == 0)
        {
            reader.Read();
        }

        if (reader.CurrentDepth == 0)
        {
            return null;
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var item = rest[start..(int)reader.BytesConsumed];
        (rest, state) = (rest[(int)reader.BytesConsumed..], reader.CurrentState);
        return PageJson.Compact(item);
    }
}
