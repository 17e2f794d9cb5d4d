using System.Collections.Immutable;
using System.Text;

namespace OpCollector.Delivery;

/// <summary>
/// What a kind of receiver wants to see and how it answers, as data: each format is one value of this, and the engine knows
/// none of them by name.
/// </summary>
internal sealed record Format(string Name, string ContentType)
{
    /// <summary>What stands before, between and after the events of a request.</summary>
    public string Open { get; init; } = "";

    public string Between { get; init; } = "";

    public string Close { get; init; } = "";

    public Envelope Envelope { get; init; }

    /// <summary>The most events in one request.</summary>
    public int MostEvents { get; init; } = 500;

    /// <summary>The most bytes in one request, before compression: what the strictest of the usual receivers takes.</summary>
    public int MostBytes { get; init; } = 900_000;

    /// <summary>A request without an event, which shows whether we are known; null where the format has none.</summary>
    public byte[]? Nothing => Envelope == Envelope.BulkCreate ? null : Encoding.UTF8.GetBytes(Open + Close);

    /// <summary>The statuses that say that the receiver has the events.</summary>
    public ImmutableArray<int> Success { get; init; } = [200, 201, 202, 204];

    public AnswerRule Answer { get; init; }

    /// <summary>What a check asks, so that more is known of the receiver than that it is there.</summary>
    public ImmutableArray<Probe> Probes { get; init; } = [];

    /// <summary>Whether an event counts only when the receiver has acknowledged it, later than in its answer.</summary>
    public bool IsAcknowledged { get; init; }

    /// <summary>The format as a configuration changes it.</summary>
    public static Format Of(WebhookSettings settings)
    {
        var format = Named(settings.Format.Name);
        return format with
        {
            Open = settings.Format.Open ?? format.Open,
            Close = settings.Format.Close ?? format.Close,
            MostEvents = Math.Min(settings.Limits.Events ?? format.MostEvents, format.Name == FormatSettings.Single ? 1 : int.MaxValue),
            MostBytes = settings.Limits.Bytes ?? format.MostBytes,
            Success = settings.Success is { } success ? [.. success] : format.Success,
            IsAcknowledged = settings.Format.Hec.AcknowledgementRequired,
        };
    }

    static Format Named(string name) => name switch
    {
        FormatSettings.Ndjson => Formats.Ndjson.Format,
        FormatSettings.Single => Formats.Single.Format,
        FormatSettings.SplunkHec => Formats.SplunkHec.Format,
        FormatSettings.Elasticsearch => Formats.Elasticsearch.Format,
        FormatSettings.OpenSearch => Formats.OpenSearch.Format,
        _ => Formats.Json.Format,
    };
}
