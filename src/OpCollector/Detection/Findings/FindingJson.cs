using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpCollector.Detection.Sigma;

namespace OpCollector.Detection.Findings;

/// <summary>Makes findings of what the rules say.</summary>
internal static class FindingJson
{
    // No pager takes a longer one.
    const int LongestDedupKey = 255;
    const int MostShown = 180;

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Finding Write(RuleInfo rule, Evidence evidence)
    {
        var id = FindingId.Compute(rule.Id, evidence.Stream, evidence.EventIds, evidence.Key);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("kind"u8, "finding"u8);
        json.WriteString("id"u8, id);
        WriteRule(json, rule);
        json.WriteNumber("severity"u8, (int)rule.Level + 1);
        if (evidence.Time is { } known)
        {
            json.WriteString("time"u8, Rfc3339.Format(known));
        }

        json.WriteString("stream"u8, evidence.Stream);
        json.WriteString("summary"u8, evidence.Summary);
        json.WriteString("dedupKey"u8, DedupKey(rule, evidence));
        WriteSeveral(json, evidence);
        WriteTexts(json, "eventIds", evidence.EventIds);
        WriteEntities(json, evidence.Entities);
        json.WriteEndObject();
        json.Flush();
        return new Finding(
            id, rule, evidence, evidence.Event.IsEmpty ? buffer.WrittenMemory : AppendEvent(evidence.Event.Span, buffer.WrittenSpan));
    }

    static void WriteRule(Utf8JsonWriter json, RuleInfo rule)
    {
        json.WriteStartObject("rule"u8);
        json.WriteString("id"u8, rule.Id);
        json.WriteString("title"u8, rule.Title);
        json.WriteString("level"u8, rule.Level.ToString().ToLowerInvariant());
        WriteTexts(json, "tags", rule.Tags);
        json.WriteString("name"u8, rule.Name);
        if (rule.Description.Length > 0)
        {
            json.WriteString("description"u8, rule.Description);
        }

        if (rule.FalsePositives.Count > 0)
        {
            WriteTexts(json, "falsePositives", rule.FalsePositives);
        }

        if (rule.Reference is { } reference)
        {
            json.WriteString("reference"u8, reference);
        }

        json.WriteEndObject();
    }

    static void WriteSeveral(Utf8JsonWriter json, Evidence evidence)
    {
        if (evidence.Group.Count > 0)
        {
            json.WriteStartObject("group"u8);
            foreach (var (field, value) in evidence.Group)
            {
                json.WriteString(field, value);
            }

            json.WriteEndObject();
        }

        if (evidence.Several is var (count, from, to))
        {
            json.WriteNumber("count"u8, count);
            json.WriteString("from"u8, Rfc3339.Format(from));
            json.WriteString("to"u8, Rfc3339.Format(to));
        }

        if (evidence.Findings.Count > 0)
        {
            WriteTexts(json, "findings", evidence.Findings);
        }
    }

    static void WriteEntities(Utf8JsonWriter json, Entities entities)
    {
        if (entities.First is null)
        {
            return;
        }

        json.WriteStartObject("entities"u8);
        if (entities.Users.Count > 0)
        {
            json.WriteStartArray("users"u8);
            foreach (var user in entities.Users)
            {
                json.WriteStartObject();
                json.WriteString("uuid"u8, user.Uuid);
                foreach (var (name, value) in new[] { ("email", user.Email), ("name", user.Name) }.Where(each => each.Item2 is not null))
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        foreach (var (name, values) in entities.Others.Where(each => each.Values.Count > 0))
        {
            WriteTexts(json, name, values);
        }

        json.WriteEndObject();
    }

    static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>The same for findings that belong together: of one rule, about one group, person or thing.</summary>
    static string DedupKey(RuleInfo rule, Evidence evidence)
    {
        var about = evidence.Group.Count > 0 ? string.Join(',', evidence.Group.Select(each => each.Value)) : evidence.Entities.First;
        var key = about is null ? rule.Name : $"{rule.Name}:{about}";
        return key.Length <= LongestDedupKey ? key
            : ForeignText.Shortened(key, MostShown) + Digest.Compute(Encoding.UTF8.GetBytes(evidence.Key + key));
    }

    // In one piece of the right size: an event may be as large as a page, and a buffer that grows is copied.
    static byte[] AppendEvent(ReadOnlySpan<byte> each, ReadOnlySpan<byte> finding)
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
