using System.Text;
using System.Text.Json;
using EventsApiEmulator;
using OpCollector.Checkpoints;
using SiemEmulator.Http;

namespace OpCollector.Tests.Fuzzing;

/// <summary>
/// What the Events API answers is mutated: pages, complaints, what a token is good for, and whole answers with their headers.
/// </summary>
internal static class EventsApiAnswers
{
    const string End = """{"cursor":"the-end","has_more":false,"items":[]}""";

    static readonly string[] Formats = ["file", "file", "json", "splunk-hec", "elasticsearch"];

    static readonly (int Status, string Body, string Headers)[] Complaints =
    [
        (400, """{"Error":{"Message":"Bad Request: the cursor is invalid"}}""", "Content-Type: application/json\r\n"),
        (401, """{"status":401,"message":"Unauthorized access"}""", "Content-Type: application/json\r\n"),
        (403, "<html><head><title>403 Forbidden</title></head></html>", "Content-Type: text/html\r\n"),
        (404, "404 page not found\n", "Content-Type: text/plain; charset=utf-8\r\n"),
        (429, "", "Retry-After: 3\r\nRateLimit-Remaining: 0\r\nRateLimit-Reset: 60\r\n"),
        (500, """{"status":500,"message":"Internal"}""", "Content-Type: application/json\r\n"),
    ];

    public static async Task PlayAsync(FuzzCase each)
    {
        var format = each.Any(Formats);
        var books = new Books(format);
        var api = new Api(each);
        using var server = new RawServer(
            (head, body) => head.Path.StartsWith("/api/", StringComparison.Ordinal) ? api.Answer(head, body) : books.Take(head, body));
        await File.WriteAllTextAsync(each.In("token"), FuzzHost.Token.Text);
        File.SetUnixFileMode(each.In("token"), UnixFileMode.UserRead);
        var host = new FuzzHost(
            each,
            $$"""{ "type": "events-api", "eventsApi": { "token": { "file": "token" }, "url": "{{server.Url}}" } }""",
            format == "file" ? FuzzHost.FileSink : FuzzHost.Webhook(server.Url, format),
            each.OneIn(30) ? FuzzHost.Detection : """, "detection": { "deliver": "off" }""");
        var code = await host.CollectAsync();
        await host.LookAsync();
        Judge(each, code, api, format == "file" ? OpPages.InFile(each.In("events.ndjson")) : books.Events, host);

        each.Time.Advance(TimeSpan.FromHours(25));
        await host.CollectAsync();
        await host.LookAsync();
        await host.CheckAsync();
    }

    static void Judge(FuzzCase each, ExitCode code, Api api, IReadOnlyList<string> arrived, FuzzHost host)
    {
        var there = arrived.Concat(host.Quarantined).ToHashSet();
        var cursors = Cursors(host);
        foreach (var shown in api.Shown)
        {
            if (shown.Items is null && ExitCodes.IsGood(code))
            {
                each.Complain($"{code}, though the API showed something that is no page");
            }

            // What the run went on from, it has.
            var isDone = ExitCodes.IsGood(code) || (shown.Cursor is { Length: > 2 } cursor && cursors.Contains(cursor));
            if (isDone && shown.Items?.FirstOrDefault(item => !there.Contains(item)) is { } lost)
            {
                each.Complain($"{code}, and neither delivered nor in the quarantine: {lost[..Math.Min(200, lost.Length)]}");
            }

            var places = (shown.Items ?? []).Distinct().Select((item, at) => (item, at)).ToDictionary(item => item.item, item => item.at);
            var order = arrived.Distinct().Where(places.ContainsKey).Select(item => places[item]).ToArray();
            if (!order.SequenceEqual(order.Order()))
            {
                each.Complain($"{code}, and delivered in another order: {string.Join(' ', order)}");
            }
        }
    }

    static HashSet<string> Cursors(FuzzHost host)
    {
        if (!File.Exists(host.Host.State.PathOf(CheckpointFile.Main)))
        {
            return [];
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(host.Host.State.PathOf(CheckpointFile.Main)));
        return json.RootElement.TryGetProperty("streams", out var streams) && streams.ValueKind == JsonValueKind.Object
            ? [.. streams.EnumerateObject()
                .Select(stream => stream.Value.TryGetProperty("cursor", out var cursor) ? cursor.GetRawText().Trim('"') : "")]
            : [];
    }

    /// <summary>Each stream has a page, and perhaps another; then it is at its end.</summary>
    sealed class Api(FuzzCase each)
    {
        readonly Lock _gate = new();
        readonly Dictionary<string, Queue<RawAnswer>> _answers = [];
        readonly Dictionary<string, RawAnswer> _answered = [];
        readonly List<Shown> _pages = [];
        readonly string _odd = each.Any(ApiToken.All);
        readonly bool _isOdd = each.OneIn(4);

        /// <summary>What it showed in answers that were in order.</summary>
        public IReadOnlyList<Shown> Shown
        {
            get
            {
                lock (_gate)
                {
                    return [.. _pages];
                }
            }
        }

        public RawAnswer Answer(Head head, byte[] body)
        {
            lock (_gate)
            {
                // By its name: the streams are asked side by side, and a seed must give the same answers each time.
                var feature = head.Path.Split('/')[^1];
                if (_answers.Count == 0)
                {
                    foreach (var known in ApiToken.All.Append("introspect"))
                    {
                        _answers.Add(known, new Queue<RawAnswer>(known == "introspect" ? Introspection() : Pages(known)));
                    }
                }

                // A wait of one stream is time in which the request of another runs out: asked again, it shows the same page.
                var question = $"{feature} {Encoding.UTF8.GetString(body)}";
                if (_answered.TryGetValue(question, out var again))
                {
                    return again;
                }

                var answer = _answers.GetValueOrDefault(feature)?.TryDequeue(out var next) == true
                    ? next
                    : RawAnswer.Of(200, feature == "introspect" ? Features : End);
                if (feature != "introspect" && answer is { Closes: false, IsPage: true })
                {
                    _pages.Add(Fuzzing.Shown.ByEventsApi(answer.Body));
                    _answered.Add(question, answer);
                }

                return answer;
            }
        }

        static string Features => $$"""
            {"uuid":"OK41XEGLRTH4YKO5YRTCPNX3IU","issued_at":"2024-12-16T16:32:50-03:00","features":["{{string.Join("\",\"", ApiToken.All)}}"],"account_uuid":"{{EventsApi.Account}}"}
            """;

        IEnumerable<RawAnswer> Introspection() =>
            [each.OneIn(6) ? Mutated("introspection", 200, Features, "Content-Type: application/json\r\n") : RawAnswer.Of(200, Features)];

        List<RawAnswer> Pages(string feature)
        {
            var answers = new List<RawAnswer>();
            var isOdd = _isOdd || feature == _odd;
            if (isOdd && each.OneIn(6))
            {
                var (status, body, headers) = each.Any(Complaints);
                answers.Add(Mutated($"{status} of {feature}", status, body, headers));
            }

            var pages = each.Random.Next(1, 3);
            for (var page = 0; page < pages; page++)
            {
                var now = each.Time.GetUtcNow();
                var items = Enumerable.Range(0, each.Random.Next(1, 5))
                    .Select(item => Samples.Of(feature, Samples.Uuid($"{feature} {page} {item}"), now.AddMinutes(item - 30), item));
                var text =
                    $$"""{"cursor":"{{feature}}-{{page}}","has_more":{{(page + 1 < pages ? "true" : "false")}},"items":[{{string.Join(',', items)}}]}""";
                answers.Add(
                    !isOdd || each.OneIn(3)
                        ? RawAnswer.Of(200, text) with { IsPage = true }
                        : Mutated(feature, 200, text, "Content-Type: application/json\r\n"));
            }

            return answers;
        }

        RawAnswer Mutated(string what, int status, string body, string headers)
        {
            if (each.OneIn(5))
            {
                var whole = RawAnswer.Of(status, body, headers);
                return new RawAnswer(each.Mutated(what, whole.Bytes), Closes: true);
            }

            return RawAnswer.Of(status, each.Mutated(what, body), headers) with { IsPage = status == 200 };
        }
    }
}
