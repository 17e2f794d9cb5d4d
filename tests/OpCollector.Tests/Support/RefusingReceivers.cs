using System.Globalization;
using System.Text.Json.Nodes;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Http;
using SiemEmulator.Receivers;

namespace OpCollector.Tests.Support;

/// <summary>Receivers that take events, and then something between us and them that refuses some, in any way.</summary>
internal static class RefusingReceivers
{
    const string Token = "11111111-2222-3333-4444-555555555555";
    const string BlockPage = "<!DOCTYPE html>\n<html><title>Request blocked</title></html>";

    public static EventReceiver Receiver(string format) => format switch
    {
        "json" => new ArrayOfObjects(),
        "ndjson" => new Ndjson(),
        "single" => new SingleObject(),
        "splunk-hec" => new SplunkHec(Token),
        "elasticsearch" => new Bulk(BulkDialect.Elasticsearch),
        _ => new Bulk(BulkDialect.OpenSearch),
    };

    public static Fault By(string how) => how switch
    {
        "reset" => Fault.Reset(),
        "close" => Fault.Close(),
        "hang" => Fault.Hang(),
        "302" => Fault.Redirect(302),
        "503 later" => Fault.Answer(new Reply(503, "slow down", "Retry-After: 1")),
        "503 busy" => Fault.Answer(HecReply.ServerBusy.At()),
        _ when how.EndsWith("page", StringComparison.Ordinal) =>
            Fault.Answer(new Reply(int.Parse(how[..3], CultureInfo.InvariantCulture), BlockPage, "Content-Type: text/html")),
        _ => Fault.Answer(int.Parse(how, CultureInfo.InvariantCulture), "blocked by policy"),
    };

    /// <summary>Some events that arrive, and then more that wait for the next run.</summary>
    public static async Task<long[]> GrownAsync(this Sandbox host, Siem siem, string format, int before, int after)
    {
        var first = host.Account.Log(before);
        host.Knowing(siem, format);
        var run = await host.CollectAsync();
        return run.ExitCode == 0
            ? [.. first, .. host.Account.Log(after, first: 5000)]
            : throw new InvalidOperationException($"The receiver takes nothing: {run}");
    }

    /// <summary>Delivers to a strict receiver, and knows the token that its format asks for.</summary>
    public static void Knowing(this Sandbox host, Siem siem, string format)
    {
        host.To(siem, format);
        if (format == "splunk-hec")
        {
            host.Environment["TOKEN"] = Token;
            host.Configuration["sink"]!["auth"] = JsonNode.Parse(
                """{"header":{"name":"Authorization","prefix":"Splunk ","value":{"env":"TOKEN"}}}""");
        }
    }
}
