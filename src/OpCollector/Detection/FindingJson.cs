using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpCollector.Detection.Sigma;

namespace OpCollector.Detection;

/// <summary>Makes findings of what the rules say.</summary>
internal static class FindingJson
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Long: the members of a finding, in the order in which they are written.
    /// <param name="time">When the last of the events happened; null where it does not say so in a form we can read.</param>
    /// <param name="bytes">The event that caused it; nothing where none did, as with silence.</param>
    public static Finding Write(
        RuleInfo rule,
        string stream,
        DateTimeOffset? time,
        string summary,
        IReadOnlyList<string> eventIds,
        string group,
        ReadOnlyMemory<byte> bytes)
    {
        var id = FindingId.Of(rule.Id, stream, eventIds, group);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("kind"u8, "finding"u8);
        json.WriteString("id"u8, id);
        json.WriteStartObject("rule"u8);
        json.WriteString("id"u8, rule.Id);
        json.WriteString("title"u8, rule.Title);
        json.WriteString("level"u8, rule.Level.ToString().ToLowerInvariant());
        json.WriteStartArray("tags"u8);
        foreach (var tag in rule.Tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        if (time is { } known)
        {
            json.WriteString("time"u8, known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        }

        json.WriteString("stream"u8, stream);
        json.WriteString("summary"u8, summary);
        json.WriteStartArray("eventIds"u8);
        foreach (var eventId in eventIds)
        {
            json.WriteStringValue(eventId);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return new Finding(id, rule, time, summary, bytes.IsEmpty ? buffer.WrittenMemory : With(bytes.Span, buffer.WrittenSpan));
    }

    // In one piece of the right size: an event may be as large as a page, and a buffer that grows is copied.
    static byte[] With(ReadOnlySpan<byte> each, ReadOnlySpan<byte> finding)
    {
        var member = ",\"event\":"u8;
        var json = new byte[finding.Length + member.Length + each.Length];
        finding[..^1].CopyTo(json);
        member.CopyTo(json.AsSpan(finding.Length - 1));
        each.CopyTo(json.AsSpan(finding.Length - 1 + member.Length));
        json[^1] = (byte)'}';
        return json;
    }
}
