using System.Text.Json.Serialization;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What is remembered of the Events API between runs, in <c>events-api.json</c>: which streams refused the token, so that cron
/// does not ask every five minutes, and when a run reported that it ends.
/// </summary>
internal sealed class EventsApiMemory(StateStore state)
{
    static readonly TimeSpan TellAgain = TimeSpan.FromDays(1);

    readonly KeptRecord<EventsApiMemoryContent> _memory = new(
        state, "events-api.json", EventsApiJson.Default.EventsApiMemoryContent, new EventsApiMemoryContent());

    /// <summary>Whether the next run knows it too.</summary>
    public bool IsKept => _memory.IsKept;

    /// <summary>The refusal that a stream has met; null where it has met none.</summary>
    public Refusal? RefusalOf(EventStream stream, DateTimeOffset now) =>
        Refusal.Believed(_memory.Content.Refusals?.GetValueOrDefault(stream.Name), now);

    public Refusal RememberRefusal(EventStream stream, DateTimeOffset now)
    {
        var refusal = Refusal.After(RefusalOf(stream, now), now);
        _memory.Change(
            content =>
                content with
                {
                    Refusals = new Dictionary<string, Refusal>(content.Refusals
                        ?? new Dictionary<string, Refusal>())
                    { [stream.Name] = refusal }
                });
        return refusal;
    }

    public void ForgetRefusal(EventStream stream)
    {
        if (_memory.Content.Refusals?.ContainsKey(stream.Name) == true)
        {
            _memory.Change(content => content with { Refusals = content.Refusals?.Where(each => each.Key != stream.Name).ToDictionary() });
        }
    }

    /// <summary>
    /// Whether it is time to tell that the token ends: once a day, so that it is neither forgotten nor a mail every five minutes.
    /// </summary>
    public bool TellsExpiry(DateTimeOffset now)
    {
        if (now - _memory.Content.ExpiryTold.UnlessToCome(now) < TellAgain)
        {
            return false;
        }

        _memory.Change(content => content with { ExpiryTold = now });
        return true;
    }
}

/// <summary>How <see cref="EventsApiMemory"/> is written to the disk.</summary>
/// <param name="Refusals">By stream.</param>
/// <param name="ExpiryTold">When a run last reported that the token ends.</param>
internal sealed record EventsApiMemoryContent(IReadOnlyDictionary<string, Refusal>? Refusals = null, DateTimeOffset? ExpiryTold = null);

/// <summary>The JSON of <c>events-api.json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventsApiMemoryContent))]
internal sealed partial class EventsApiJson : JsonSerializerContext;
