using System.Text;
using OpCollector.Delivery;
using OpCollector.Flow;
using OpCollector.Sources.Op;
using SiemEmulator.Http;

namespace OpCollector.Tests.Fuzzing;

/// <summary>
/// What a receiver answers is mutated, in each format, for a while; then it is as it should be, and everything must be there.
/// </summary>
internal static class ReceiverAnswers
{
    const string Json = "Content-Type: application/json\r\n";
    const int MostRuns = 8;

    static readonly string[] Formats = ["json", "ndjson", "single", "splunk-hec", "elasticsearch", "opensearch"];

    static readonly (int Status, string Body, string Headers)[] Plain =
    [
        (200, "", ""), (200, """{"ok":true}""", Json), (204, "", "Content-Type: text/html\r\n"),
        (202, "<html><body>Sign in</body></html>", "Content-Type: text/html\r\n"),
        (400, """{"error":"no such field \"auxInfo\" in https://siem.example/hook/path"}""", Json),
        (401, """{"message":"bad token"}""", Json), (403, "<html>blocked</html>", "Content-Type: text/html\r\n"),
        (413, "too large", ""), (415, "", ""), (422, """{"detail":[{"loc":["body",0],"msg":"field required"}]}""", Json),
        (429, "", "Retry-After: 3\r\n"), (302, "", "Location: https://login.example/\r\n"), (500, "oops", ""),
        (503, "", "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n"),
    ];

    static readonly (int Status, string Body, string Headers)[] Hec =
    [
        (200, """{"text":"Success","code":0,"ackId":0}""", Json),
        (400, """{"text":"Invalid data format","code":6,"invalid-event-number":1}""", Json),
        (400, """{"text":"Incorrect index","code":7,"invalid-event-number":0}""", Json),
        (403, """{"text":"Invalid token","code":4}""", Json),
        (503, """{"text":"Server is busy","code":9,"invalid-event-number":2}""", Json),
        (400, """{"text":"Data channel is missing","code":10}""", Json),
    ];

    static readonly (int Status, string Body, string Headers)[] Bulk =
    [
        (
            403,
            """{"error":{"root_cause":[{"type":"cluster_block_exception","reason":"index [logs] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];"}],"type":"cluster_block_exception","reason":"blocked"},"status":403}""",
            Json),
        (
            401,
            """{"error":{"root_cause":[{"type":"security_exception","reason":"unable to authenticate"}],"type":"security_exception"},"status":401}""",
            Json),
        (404, """{"error":{"type":"index_not_found_exception","reason":"no such index [logs]"},"status":404}""", Json),
        (429, """{"error":{"type":"es_rejected_execution_exception"},"status":429}""", Json),
    ];

    static readonly string[] ItemErrors =
    [
        "\"status\":400,\"error\":{\"type\":\"mapper_parsing_exception\",\"reason\":\"failed to parse field [time]\"}",
        "\"status\":429,\"error\":{\"type\":\"es_rejected_execution_exception\"}", "\"status\":409", "\"status\":403,\"error\":\"no\"",
        "\"status\":201,\"failure_store\":\"used\"",
    ];

    public static async Task PlayAsync(FuzzCase each)
    {
        var format = each.Any(Formats);
        var books = new Books(format);
        var left = each.Random.Next(1, 5);
        RawAnswer Answer(Head head, byte[] body)
        {
            lock (books)
            {
                return left-- > 0 ? Mutated(each, format, books, head, body) : books.Take(head, body);
            }
        }

        using var server = new RawServer(Answer);
        var more = format == "splunk-hec" && each.OneIn(2) ? """, "splunk-hec": { "acknowledgement": "required" }""" : "";
        var host = new FuzzHost(each, FuzzHost.Op, FuzzHost.Webhook(server.Url, format)[..^2] + more + "}");
        await each.EndAsync(async () =>
        {
            using var routes = host.Host.Routes();
            each.Hear("check", await routes.ForEvents("audit").CheckAsync(default));
            return ExitCode.Done;
        });
        var log = new LogModel(NewerMeans.NextAscending, each.Random);
        for (var eid = 1; eid <= each.Random.Next(1, format == "single" ? 8 : 60); eid++)
        {
            log.Add(eid, each.Time.GetUtcNow().AddSeconds(eid - 100));
        }

        await CollectAsync(each, host, log, books);
        Judge(each, log, books.Events, host);
        await each.EndAsync(async () =>
        {
            using var limits = RunLimits.Unbounded(TimeSpan.FromMinutes(4), each.Time);
            using var routes = host.Host.Routes();
            var accepted = new Dictionary<string, string>();
            if (each.OneIn(2))
            {
                accepted[Route.Usual] = routes.ForEvents("audit").Fingerprint!;
            }

            await new Replay(host.Host.Quarantine, routes, accepted, limits).RunAsync();
            return ExitCode.Done;
        });
        await host.LookAsync();
    }

    static async Task CollectAsync(FuzzCase each, FuzzHost host, LogModel log, Books books)
    {
        var (isCalm, code) = (0, ExitCode.Done);
        for (var run = 0; run < MostRuns && isCalm < 2; run++)
        {
            var before = books.Events.Count;
            code = await host.CollectAsync(
                query => log.ListAsync(query, default).Result, _ => [],
                run > MostRuns / 2 ? TotalRejection.QuarantinesAll : TotalRejection.EndsTheRun);
            isCalm = ExitCodes.IsGood(code) ? isCalm + 1 : 0;
            // What was refused in another run may come later.
            var arrived = books.Events.Skip(before).Select(Shown.Eid).OfType<long>().Distinct().ToArray();
            if (!arrived.SequenceEqual(arrived.Order()))
            {
                each.Complain($"{code}, and delivered in another order: {string.Join(' ', arrived)}");
            }

            each.Time.Advance(TimeSpan.FromMinutes(10));
        }

        if (isCalm == 0)
        {
            each.Complain($"the receiver has long behaved, and the run still ends with {code}");
        }
    }

    static void Judge(FuzzCase each, LogModel log, IReadOnlyList<string> arrived, FuzzHost host)
    {
        var there = arrived.Concat(host.Quarantined).Select(Shown.Eid).OfType<long>();
        if (log.Eids.Except(there).ToArray() is [_, ..] lost)
        {
            each.Complain($"neither delivered nor in the quarantine: {string.Join(' ', lost)}");
        }
    }

    // A receiver that may have said that it has the events has them; what it says is another matter.
    static RawAnswer Mutated(FuzzCase each, string format, Books books, Head head, byte[] body)
    {
        var (status, text, headers) =
            each.Any(each.OneIn(3) ? Plain : format switch { "splunk-hec" => Hec, "elasticsearch" or "opensearch" => Bulk, _ => Plain });
        if (head.Method == "POST" && format is "elasticsearch" or "opensearch" && each.OneIn(2))
        {
            var taken = books.Take(head, body);
            (status, text, headers) = (200, Encoding.UTF8.GetString(taken.Body), Json);
            if (each.OneIn(2) && text.Contains("\"status\":201", StringComparison.Ordinal))
            {
                text = text.Replace("\"errors\":false", "\"errors\":true", StringComparison.Ordinal)
                    .Replace("\"status\":201", each.Any(ItemErrors), StringComparison.Ordinal);
            }
        }

        if (each.OneIn(4))
        {
            books.Take(head, body);
            return new RawAnswer(
                each.Mutated($"the {format} answer to {head.Method}", RawAnswer.Of(status, text, headers).Bytes), Closes: true);
        }

        if (status < 300 || format == "splunk-hec")
        {
            books.Take(head, body);
        }

        return RawAnswer.Of(status, each.Mutated($"the {format} answer {status} to {head.Method}", text), headers);
    }
}
