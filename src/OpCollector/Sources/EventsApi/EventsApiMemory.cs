using System.Text.Json;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What is remembered of the Events API between runs, in <c>events-api.json</c>: which streams refused the token, so that cron
/// does not ask every five minutes, and when somebody was told that it ends.
/// </summary>
internal sealed class EventsApiMemory
{
    static readonly TimeSpan TellAgain = TimeSpan.FromDays(1);

    readonly Lock _changing = new();
    readonly string? _path;
    EventsApiMemoryContent _content;

    EventsApiMemory(string? path, EventsApiMemoryContent content) => (_path, _content) = (path, content);

    /// <summary>Whether nothing is kept: what this run learns is gone with it.</summary>
    public bool IsReadOnly => _path is null;

    /// <summary>What an earlier run left. A dry run reads it too, and leaves nothing.</summary>
    public static EventsApiMemory Open(string path, bool readOnly) => new(readOnly ? null : path, Read(path));

    /// <summary>The refusal that a stream has met; null where it has met none.</summary>
    public Refusal? RefusalOf(EventStream stream, DateTimeOffset now) => Refusal.Believed(_content.Refusals?.GetValueOrDefault(stream.Name), now);

    public Refusal RememberRefusal(EventStream stream, DateTimeOffset now)
    {
        var refusal = Refusal.After(RefusalOf(stream, now), now);
        Change(content => content with { Refusals = new Dictionary<string, Refusal>(content.Refusals ?? new Dictionary<string, Refusal>()) { [stream.Name] = refusal } });
        return refusal;
    }

    public void ForgetRefusal(EventStream stream)
    {
        if (_content.Refusals?.ContainsKey(stream.Name) == true)
        {
            Change(content => content with { Refusals = content.Refusals?.Where(each => each.Key != stream.Name).ToDictionary() });
        }
    }

    /// <summary>Whether it is time to tell that the token ends: once a day, so that it is neither forgotten nor a mail every five minutes.</summary>
    public bool TellsExpiry(DateTimeOffset now)
    {
        if (now - _content.ExpiryTold.UnlessToCome(now) < TellAgain)
        {
            return false;
        }

        Change(content => content with { ExpiryTold = now });
        return true;
    }

    // Streams are refused side by side, and a backfill by hand learns of it at the same time.
    void Change(Func<EventsApiMemoryContent, EventsApiMemoryContent> change)
    {
        lock (_changing)
        {
            if (_path is null)
            {
                _content = change(_content);
                return;
            }

            using var held = FileLock.Take(Path.ChangeExtension(_path, ".lock"));
            _content = change(Read(_path));
            DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(_content, EventsApiJson.Default.EventsApiMemoryContent));
        }
    }

    // Nothing in it is dear: without it the API is asked once more.
    static EventsApiMemoryContent Read(string path)
    {
        try
        {
            return RegularFile.Read(path, RegularFile.Small) is { } bytes ? SafeJson.Read(bytes, EventsApiJson.Default.EventsApiMemoryContent) : new EventsApiMemoryContent();
        }
        catch (Exception ex) when (ex is NoJsonException or Failure)
        {
            return new EventsApiMemoryContent();
        }
    }
}
