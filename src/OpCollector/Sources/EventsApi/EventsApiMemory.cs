using System.Text.Json.Serialization;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What is remembered of the Events API between runs, in <c>events-api.json</c>: which streams refused the token, so that cron
/// does not ask every five minutes, and when a run reported that it ends.
/// </summary>
internal abstract class EventsApiMemory(StateStore state)
{
    static readonly TimeSpan TellAgain = TimeSpan.FromDays(1);

    readonly KeptRecord<EventsApiMemoryContent> _memory = new(
        state, "events-api.json", EventsApiJson.Default.EventsApiMemoryContent, new EventsApiMemoryContent());

    public static EventsApiMemory Create(StateStore state, RefusalPolicy refusals) =>
        refusals == RefusalPolicy.Pause ? new RunMemory(state) : new CheckMemory(state);

    /// <summary>The refusal that keeps this run from asking for a stream now; null where it may.</summary>
    public abstract CredentialRefusal? PauseOf(EventStream stream, DateTimeOffset now);

    /// <summary>Begins a pause after a refusal, or makes it longer.</summary>
    /// <param name="began">When the run began: its streams are refused side by side.</param>
    /// <returns>Until when later runs wait; null where they do not.</returns>
    public abstract CredentialRefusal? BeginPause(EventStream stream, DateTimeOffset began);

    /// <summary>
    /// Whether it is time to tell that the token ends: once a day, so that it is neither forgotten nor a mail every five minutes.
    /// </summary>
    public abstract bool ShouldWarnOfExpiry(DateTimeOffset now);

    /// <summary>A page that came ends the pause.</summary>
    public void ForgetRefusal(EventStream stream)
    {
        if (_memory.Content.Refusals?.ContainsKey(stream.Name) == true)
        {
            _memory.Change(content => content with { Refusals = content.Refusals?.Where(each => each.Key != stream.Name).ToDictionary() });
        }
    }

    /// <summary>The memory as runs have it.</summary>
    internal sealed class RunMemory(StateStore state) : EventsApiMemory(state)
    {
        public override CredentialRefusal? PauseOf(EventStream stream, DateTimeOffset now) =>
            Refused(stream, now) is { } refusal && refusal.Until > now ? refusal : null;

        public override CredentialRefusal? BeginPause(EventStream stream, DateTimeOffset began)
        {
            var refusal = CredentialRefusal.After(Refused(stream, began), began);
            _memory.Change(content => content with
            {
                Refusals = new Dictionary<string, CredentialRefusal>(content.Refusals ?? new Dictionary<string, CredentialRefusal>())
                {
                    [stream.Name] = refusal,
                },
            });
            return _memory.IsKept ? refusal : null;
        }

        public override bool ShouldWarnOfExpiry(DateTimeOffset now)
        {
            if (now - _memory.Content.ExpiryTold.UnlessToCome(now) < TellAgain)
            {
                return false;
            }

            _memory.Change(content => content with { ExpiryTold = now });
            return true;
        }

        CredentialRefusal? Refused(EventStream stream, DateTimeOffset now) =>
            CredentialRefusal.Believed(_memory.Content.Refusals?.GetValueOrDefault(stream.Name), now);
    }

    /// <summary>
    /// The memory as a check has it: it asks at once, neither begins a pause nor makes one longer, and says in a line of its own when the
    /// token ends.
    /// </summary>
    internal sealed class CheckMemory(StateStore state) : EventsApiMemory(state)
    {
        public override CredentialRefusal? PauseOf(EventStream stream, DateTimeOffset now) => null;

        public override CredentialRefusal? BeginPause(EventStream stream, DateTimeOffset began) => null;

        public override bool ShouldWarnOfExpiry(DateTimeOffset now) => false;
    }
}

/// <summary>How <see cref="EventsApiMemory"/> is written to the disk.</summary>
/// <param name="Refusals">By stream.</param>
/// <param name="ExpiryTold">When a run last reported that the token ends.</param>
internal sealed record EventsApiMemoryContent(
    IReadOnlyDictionary<string, CredentialRefusal>? Refusals = null, DateTimeOffset? ExpiryTold = null);

/// <summary>The JSON of <c>events-api.json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventsApiMemoryContent))]
internal sealed partial class EventsApiJson : JsonSerializerContext;
