using System.Text.Json;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Cli;

/// <summary>
/// Events from files and pipes: on lines of their own, printed over several lines, or in pages as op and the Events API print them. What is
/// none of that is passed over, told and counted.
/// </summary>
/// <param name="stream">The stream of all of them; null where each event tells.</param>
internal sealed class EventFiles(string? stream, ILogger log)
{
    const string Stdin = "-";
    const int MostTold = 20;
    const string NoStream = "nothing tells what kind of event this is; say it with --stream";

    readonly UnreadableTimes _unreadableTimes = new();
    long _passedOver;

    public long Events { get; private set; }

    /// <summary>Findings that were delivered between the events; they are none.</summary>
    public long Findings { get; private set; }

    /// <summary>How it went, when all is read.</summary>
    public ExitCode Code => _passedOver > 0 ? ExitCode.SourceData : ExitCode.Done;

    /// <summary>Each event, with a stream. Its bytes are good until the next one.</summary>
    /// <exception cref="Failure">A file cannot be read (64).</exception>
    public IEnumerable<(ReadOnlyMemory<byte> Bytes, EventMarks Marks)> Read(IReadOnlyList<string> files)
    {
        foreach (var file in files.Count == 0 ? [Stdin] : files)
        {
            using var input = Open(file);
            var objects = new JsonObjects(input);
            while (objects.Next() is { } found)
            {
                foreach (var each in found.Wrong is null ? EventsIn(found, null) : [found])
                {
                    if (each.Wrong is not null)
                    {
                        PassOver($"{(file == Stdin ? "stdin" : file)}:{each.Line}", each.Wrong);
                    }
                    else if (Count(each))
                    {
                        yield return (each.Bytes, each.Marks);
                    }
                }
            }
        }
    }

    /// <summary>Tells what all of it has in common.</summary>
    public void Finish()
    {
        if (_passedOver > 1)
        {
            log.Warning("{Number} in all were left out; {Events} events were looked at", _passedOver, Events);
        }

        if (_unreadableTimes.Warning is { } warning)
        {
            log.Warning("{Warning:l}", warning);
        }
    }

    static Stream Open(string file)
    {
        try
        {
            return file == Stdin ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Usage, $"{file}: cannot be read: {SystemError.Words(ex, file)}", ex);
        }
    }

    void PassOver(string place, string wrong)
    {
        if (_passedOver++ < MostTold)
        {
            log.Warning("{Place:l}: {Wrong:l}, and left out", place, wrong);
        }
    }

    bool Count(in FoundObject found)
    {
        if (found.Marks.IsFinding)
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
    IEnumerable<FoundObject> EventsIn(FoundObject found, string? told)
    {
        var marks = found.Marks with { Stream = stream ?? found.Marks.Stream ?? told };
        return marks.IsPage ? Items(found).SelectMany(item => item.Wrong is null ? EventsIn(item, marks.Stream) : [item])
            : [found with { Marks = marks, Wrong = marks.IsFinding ? null : marks.IsEmpty ? NoEvent(marks.Stream) : marks.Stream is null ? NoStream : null }];
    }

    static string NoEvent(string? stream) => stream is null ? NoStream : "is no event, nor a page of events";

    static List<FoundObject> Items(FoundObject page)
    {
        var list = page.Bytes[page.Marks.ListAt..];
        var reader = new Utf8JsonReader(list.Span, PageJson.ReaderOptions);
        var items = new List<FoundObject>();
        reader.Read();
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var (start, isObject) = ((int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.StartObject);
            reader.Skip();
            var item = PageJson.Compact(list[start..(int)reader.BytesConsumed]);
            items.Add(isObject ? new FoundObject(item, EventMarks.Read(item), page.Line, null) : new FoundObject(default, default, page.Line, "holds in its list what is no JSON object"));
        }

        return items;
    }
}
