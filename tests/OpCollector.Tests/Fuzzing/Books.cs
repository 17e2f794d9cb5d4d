using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SiemEmulator.Http;

namespace OpCollector.Tests.Fuzzing;

/// <summary>A receiver of any format that takes everything, and keeps the events as they were before they were explained.</summary>
internal sealed class Books(string format)
{
    readonly List<string> _events = [];
    readonly HashSet<string> _ids = [];

    /// <summary>What it has, in the order in which it came, a character for each byte; findings are among them.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Where requests of the format go.</summary>
    public static string Path(string format) => format switch
    {
        "splunk-hec" => "/services/collector/event",
        "elasticsearch" or "opensearch" => "/logs/_bulk",
        _ => "/hook",
    };

    /// <summary>An event as the source showed it: without white space between its tokens, and without what explains it.</summary>
    public static string Bare(ReadOnlySpan<byte> json) => Support.Explanations.Remove(Latin(Dense(json)));

    /// <summary>Keeps the events of a request, and says so as the format does.</summary>
    public RawAnswer Take(Head head, byte[] body)
    {
        if (head.Method != "POST" || body.Length == 0)
        {
            return RawAnswer.Of(
                200, """{"text":"HEC is healthy","code":17,"status":"green","version":{"number":"9.1.0","distribution":"opensearch"}}""");
        }

        lock (_events)
        {
            return format switch
            {
                "splunk-hec" when head.Path.EndsWith("/ack", StringComparison.Ordinal) =>
                    RawAnswer.Of(200, """{"acks":{"0":true,"1":true,"2":true}}"""),
                "splunk-hec" => Hec(body),
                "elasticsearch" or "opensearch" => Bulk(body),
                _ => Plain(body),
            };
        }
    }

    RawAnswer Plain(byte[] body)
    {
        foreach (var value in Values(body))
        {
            using (value)
            {
                _events.AddRange(format == "json" ? value.RootElement.EnumerateArray().Select(Bare) : [Bare(value.RootElement)]);
            }
        }

        return RawAnswer.Of(200);
    }

    RawAnswer Hec(byte[] body)
    {
        foreach (var envelope in Values(body))
        {
            using (envelope)
            {
                _events.Add(Bare(envelope.RootElement.GetProperty("event")));
            }
        }

        return RawAnswer.Of(200, """{"text":"Success","code":0,"ackId":0}""");
    }

    // What has the id of something that is there is not looked at.
    RawAnswer Bulk(byte[] body)
    {
        var values = Values(body).ToArray();
        var items = new List<string>();
        for (var at = 0; at + 1 < values.Length; at += 2)
        {
            var id = values[at].RootElement.GetProperty("create").GetProperty("_id").GetRawText();
            var isNew = _ids.Add(id);
            if (isNew)
            {
                _events.Add(Bare(values[at + 1].RootElement));
            }

            items.Add($$$"""{"create":{"_index":"logs","_id":{{{id}}},"status":{{{(isNew ? 201 : 409)}}}}}""");
        }

        Array.ForEach(values, value => value.Dispose());
        var errors = items.Any(item => item.EndsWith("409}}", StringComparison.Ordinal)) ? "true" : "false";
        return RawAnswer.Of(200, $$"""{"took":1,"errors":{{errors}},"items":[{{string.Join(',', items)}}]}""");
    }

    static string Bare(JsonElement json)
    {
        var bare = Bare(JsonMarshal.GetRawUtf8Value(json));
        // Made for data streams, in front of everything.
        return bare.StartsWith("{\"@timestamp\":\"", StringComparison.Ordinal)
            && bare.IndexOf(',', StringComparison.Ordinal) is > 0 and var end
            ? $"{{{bare[(end + 1)..]}"
            : bare;
    }

    static IEnumerable<JsonDocument> Values(byte[] body)
    {
        var at = 0;
        while (at < body.Length)
        {
            var reader = new Utf8JsonReader(body.AsSpan(at), new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 100_000 });
            if (!reader.Read())
            {
                yield break;
            }

            var value = JsonDocument.ParseValue(ref reader);
            at += (int)reader.BytesConsumed;
            yield return value;
        }
    }

    static byte[] Dense(ReadOnlySpan<byte> json)
    {
        var dense = new List<byte>(json.Length);
        var isText = false;
        for (var at = 0; at < json.Length; at++)
        {
            if (isText || json[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                dense.Add(json[at]);
            }

            if (isText && json[at] == '\\' && at + 1 < json.Length)
            {
                dense.Add(json[++at]);
            }
            else if (json[at] == '"')
            {
                isText = !isText;
            }
        }

        return [.. dense];
    }

    static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
