using System.Text.Json;
using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Delivery;

/// <summary>
/// What can be known of Elasticsearch and OpenSearch without an event: how the cluster is, whether it knows us, and, of Elasticsearch,
/// whether we may create documents (https://www.elastic.co/docs/api, "Get the cluster health", "Check user privileges").
/// </summary>
internal static class BulkProbes
{
    const string Ending = "/_bulk";

    public static readonly Probe Health = new(events => Beside(events, "/_cluster/health"), OfHealth);

    public static readonly Probe Privileges = new(
        events => Index(events) is null ? null : Beside(events, "/_security/user/_has_privileges"),
        OfPrivileges,
        events => $"{{\"index\":[{{\"names\":[\"{JsonEncodedText.Encode(Index(events)!)}\"],\"privileges\":[\"create_doc\"]}}]}}");

    static Outcome OfHealth(Answer answer) => answer.Status switch
    {
        200 when Text(answer, "status"u8) is "red" => new Outcome(Verdict.Transient, "says that its cluster is red: a part of its data is out of reach"),
        200 when Text(answer, "status"u8) is { } status => new Outcome(Verdict.Accepted, $"reachable, knows us, the cluster is {ForeignText.Of(status)}"),
        401 => new Outcome(Verdict.Refused, $"answered 401 ({answer.Text}); check sink.auth"),
        408 or 429 or >= 500 => new Outcome(Verdict.Transient, $"answered {answer.Status} ({answer.Text}) when asked for the health of its cluster"),
        // One may be allowed to write and not to look.
        _ => new Outcome(Verdict.Accepted, $"reachable (answered {answer.Status} when asked for the health of its cluster)"),
    };

    static Outcome OfPrivileges(Answer answer) => answer.Status switch
    {
        200 when Flag(answer, "has_all_requested"u8) == false => new Outcome(Verdict.Refused, "knows us, and does not let us create documents in the index of sink.url (privilege create_doc)"),
        200 when Flag(answer, "has_all_requested"u8) == true => new Outcome(Verdict.Accepted, "may create documents"),
        401 => new Outcome(Verdict.Refused, $"answered 401 ({answer.Text}); check sink.auth"),
        _ => new Outcome(Verdict.Accepted, "whether we may create documents shows with the first event"),
    };

    static Uri? Beside(Uri events, string place) => PathOf(events).EndsWith(Ending, StringComparison.Ordinal)
        ? new UriBuilder(events) { Path = $"{Above(events)}{place}", Query = "" }.Uri
        : null;

    static string PathOf(Uri events) => events.AbsolutePath.TrimEnd('/');

    // Of /prefix/index/_bulk the prefix, of /_bulk nothing.
    static string Above(Uri events)
    {
        var path = PathOf(events)[..^Ending.Length];
        return path[..Math.Max(0, path.LastIndexOf('/'))];
    }

    static string? Index(Uri events) =>
        PathOf(events)[..^Math.Min(Ending.Length, PathOf(events).Length)].Split('/') is [.., _, { Length: > 0 } index] ? Uri.UnescapeDataString(index) : null;

    static string? Text(Answer answer, ReadOnlySpan<byte> name) => Member(answer, name)?.Text();

    static bool? Flag(Answer answer, ReadOnlySpan<byte> name) => Member(answer, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : null;

    static JsonElement? Member(Answer answer, ReadOnlySpan<byte> name)
    {
        using var json = SafeJson.TryParseAnswer(answer.Body);
        return json?.RootElement.Member(name)?.Clone();
    }
}
