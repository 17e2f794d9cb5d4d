using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using EventsApiEmulator;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using SiemEmulator.Http;

namespace OpCollector.Tests.Fuzzing;

/// <summary>Files that a run has left are mutated, or are something else than files; then there is work to do.</summary>
internal static class StateFiles
{
    const string Checkpoint = "checkpoint.json";

    static readonly DateTimeOffset Now = new(2026, 11, 29, 9, 30, 0, TimeSpan.Zero);
    static readonly long[] Before = [.. Enumerable.Range(1, 130).Select(number => number * 7L)];
    static readonly long[] Work = [2001, 2002, 2003];

    static readonly Lazy<Task<Dictionary<string, byte[]>>> LeftByOp = new(() => LeftAsync(fails: false));
    static readonly Lazy<Task<Dictionary<string, byte[]>>> LeftByAWalk = new(() => LeftAsync(fails: true));
    static readonly Lazy<Task<Dictionary<string, byte[]>>> LeftByTheApi = new(LeftByTheApiAsync);

    public static async Task PlayAsync(FuzzCase each)
    {
        await (each.Random.Next(3) switch
        {
            0 => OpAsync(each, await LeftByOp.Value),
            1 => OpAsync(each, await LeftByAWalk.Value),
            _ => ApiAsync(each, await LeftByTheApi.Value),
        });
    }

    static async Task OpAsync(FuzzCase each, Dictionary<string, byte[]> left)
    {
        var isTold = false;
        var host = new FuzzHost(each, FuzzHost.Op, FuzzHost.FileSink);
        Leave(each, host, left, ref isTold);
        var log = Log(each, [.. Before, .. Work]);
        var code = await host.CollectAsync(query => log.ListAsync(query, default).Result, _ => []);
        await host.LookAsync(ownReasons: false);
        if (isTold || !ExitCodes.IsGood(code))
        {
            return;
        }

        // Read as the program does: what lies there may be anything.
        var put = new List<string>();
        await each.EndAsync(() =>
        {
            put.AddRange(host.Host.Quarantine.Items().Select(item => Books.Bare(item.Bytes.Span)));
            return Task.FromResult(ExitCode.Done);
        });
        var there = OpPages.InFile(each.In("events.ndjson")).Concat(put).Select(Shown.Eid).OfType<long>();
        // What the walk had read was not delivered, and neither was the work.
        var wanted = left.ContainsKey("walk.ndjson") ? log.Eids : Work;
        if (wanted.Except(there).ToArray() is [_, ..] lost)
        {
            each.Complain($"{code}, and neither delivered nor in the quarantine: {string.Join(' ', lost)}");
        }
    }

    static async Task ApiAsync(FuzzCase each, Dictionary<string, byte[]> left)
    {
        var isTold = false;
        using var api = new RawServer((head, body) => Api(head, body, hasNews: true));
        var host = HostOf(each, api);
        Leave(each, host, left, ref isTold);
        var code = await host.CollectAsync();
        await host.LookAsync(ownReasons: false);
        if (ExitCodes.IsGood(code)
            && !isTold
            && !OpPages.InFile(each.In("events.ndjson")).Any(item => item.StartsWith("{\"uuid\":\"NEW\"", StringComparison.Ordinal)))
        {
            each.Complain($"{code}, and the new event was not delivered");
        }

        await each.EndAsync(() =>
        {
            each.Hear("checkpoint show", host.Host.Checkpoints.Read()?.Position.Text);
            return Task.FromResult(ExitCode.Done);
        });
    }

    // A checkpoint whose checksum fits may say anything: then it counts.
    static void Leave(FuzzCase each, FuzzHost host, Dictionary<string, byte[]> left, ref bool isTold)
    {
        foreach (var (name, content) in left)
        {
            File.WriteAllBytes(Path.Combine(host.Host.State.Location, name), content);
        }

        var names = left.Keys.Order(StringComparer.Ordinal).ToArray();
        for (var count = each.Random.Next(1, 3); count > 0; count--)
        {
            var name = each.OneIn(3) ? Checkpoint : each.Any(names);
            var path = Path.Combine(host.Host.State.Location, name);
            if (Directory.Exists(path))
            {
                continue;
            }

            if (each.OneIn(12))
            {
                Replace(each, path);
                continue;
            }

            var mutated = each.Mutated(name, left[name], knowsSecret: false);
            if (name == Checkpoint && each.OneIn(2))
            {
                isTold = true;
                mutated = WithChecksum(mutated);
            }

            File.Delete(path);
            File.WriteAllBytes(path, mutated);
        }
    }

    static void Replace(FuzzCase each, string path)
    {
        File.Delete(path);
        var kind = each.Random.Next(5);
        each.Note($"{Path.GetFileName(path)} is {((string[])["a directory", "a link", "empty", "a FIFO", "gone"])[kind]}");
        switch (kind)
        {
            case 0:
                Directory.CreateDirectory(path);
                break;
            case 1:
                File.CreateSymbolicLink(path, "/dev/null");
                break;
            case 2:
                File.WriteAllBytes(path, []);
                break;
            case 3:
                using (var made = Process.Start("/usr/bin/mkfifo", path))
                {
                    made.WaitForExit();
                }

                break;
        }
    }

    static byte[] WithChecksum(byte[] checkpoint)
    {
        var end = Encoding.Latin1.GetString(checkpoint).LastIndexOf(",\"checksum\":\"sha256:", StringComparison.Ordinal);
        var json = end < 0 ? checkpoint : checkpoint[..end];
        return [.. json, .. Encoding.ASCII.GetBytes($",\"checksum\":\"sha256:{Convert.ToHexStringLower(SHA256.HashData(json))}\"}}\n")];
    }

    static LogModel Log(FuzzCase each, long[] eids)
    {
        var log = new LogModel(NewerMeans.Newest, each.Random);
        foreach (var eid in eids)
        {
            log.Add(eid, new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero).AddSeconds(eid));
        }

        return log;
    }

    static async Task<Dictionary<string, byte[]>> LeftAsync(bool fails)
    {
        using var each = new FuzzCase(seed: 0);
        var host = new FuzzHost(each, FuzzHost.Op, FuzzHost.FileSink);
        var log = Log(each, Before);
        OpPage List(OpQuery query) =>
            fails && log.Asked == 2 ? throw new Failure(ExitCode.SourceUnavailable, "no more today") : log.ListAsync(query, default).Result;
        await host.CollectAsync(List, _ => NameListJson.Read(File.ReadAllBytes(ShippedFiles.Sample("account/users.json"))));
        host.Host.Quarantine.Add([new Delivery.QuarantinedItem("audit", "5", "is not a JSON object", "{\"eid\":5}"u8.ToArray())]);
        return Read(host);
    }

    static async Task<Dictionary<string, byte[]>> LeftByTheApiAsync()
    {
        using var each = new FuzzCase(seed: 0);
        using var api = new RawServer((head, body) => Api(head, body, hasNews: false));
        var host = HostOf(each, api);
        await host.CollectAsync();
        return Read(host);
    }

    static Dictionary<string, byte[]> Read(FuzzHost host) => Directory.GetFiles(host.Host.State.Location)
        .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    static RawAnswer Api(Head head, byte[] body, bool hasNews)
    {
        var feature = head.Path.Split('/')[^1];
        var old = Encoding.UTF8.GetString(body).Contains("cursor", StringComparison.Ordinal) ? 0 : 5;
        var items = Enumerable.Range(0, old)
            .Select(number => Samples.Of(feature, Samples.Uuid($"{feature} {number}"), Now.AddMinutes(number - 20), number));
        var news = hasNews && feature == "auditevents" ? [Samples.Of(feature, "NEW", Now, 0)] : Array.Empty<string>();
        return feature == "introspect"
            ? RawAnswer.Of(
                200,
                $$"""{"uuid":"OK41XEGLRTH4YKO5YRTCPNX3IU","features":["{{string.Join("\",\"", ApiToken.All)}}"],"account_uuid":"{{EventsApi.Account}}"}""")
            : RawAnswer.Of(200, $$"""{"cursor":"{{feature}}","has_more":false,"items":[{{string.Join(',', items.Concat(news))}}]}""");
    }

    static FuzzHost HostOf(FuzzCase each, RawServer api)
    {
        File.WriteAllText(each.In("token"), FuzzHost.Token.Text);
        File.SetUnixFileMode(each.In("token"), UnixFileMode.UserRead);
        return new FuzzHost(
            each,
            $$"""{ "type": "events-api", "eventsApi": { "token": { "file": "token" }, "url": "{{api.Url}}" } }""",
            FuzzHost.FileSink,
            """, "detection": { "deliver": "off" }""");
    }
}
