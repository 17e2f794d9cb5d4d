using System.Globalization;
using OpCollector.Configuration;
using OpCollector.Http;
using Serilog;

namespace OpCollector.Reporting;

/// <summary>
/// Tells a monitor that a run began and how it ended, so that it raises the alarm when runs stop: <c>/start</c>, then nothing or the
/// exit code behind the address (https://healthchecks.io/docs/http_api/). Whatever the monitor does, the run does not care.
/// </summary>
/// <param name="url">The address, which may be a secret; null where nobody wants to know.</param>
internal sealed class Heartbeat(ServerAddress? url, EnvironmentProxy proxy, TimeProvider time, ILogger log)
{
    const int MostKept = 1024;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    Task _begun = Task.CompletedTask;

    /// <summary>Tells that a run begins, beside what the run does.</summary>
    public void Begin() => _begun = PingAsync("/start");

    /// <summary>Tells how it ended, at most a few seconds later.</summary>
    public async Task EndAsync(ExitCode code)
    {
        // Else the end could arrive before the beginning.
        await _begun;
        await PingAsync(code == ExitCode.Done ? "" : string.Create(CultureInfo.InvariantCulture, $"/{(int)code}"));
    }

    async Task PingAsync(string what)
    {
        if (url is null)
        {
            return;
        }

        try
        {
            var address = url.Reveal();
            using var http = new HttpConnection(Patience, MostKept, time, proxy.ForRemote(address));
            var place = new UriBuilder(address)
            {
                Path = what.Length == 0 ? address.AbsolutePath : $"{address.AbsolutePath.TrimEnd('/')}{what}",
            }.Uri;
            var result = await http.SendAsync(HttpMethod.Get, place, null, [], CancellationToken.None);
            Judge(result, address.GetLeftPart(UriPartial.Authority));
        }
        catch (Exception ex) when (ex is not OutOfMemoryException)
        {
            log.Warning(
                "No heartbeat: {Reason:l}",
                (ex as Failure)?.Message ?? "no request can be made of its address; check heartbeat.url");
        }
    }

    // A monitor in trouble raises its own alarm; an address that is wrong has to be mended.
    void Judge(Result<HttpAnswer, HttpFailure> result, string monitor)
    {
        if (!result.Succeeded(out var answer, out var failure))
        {
            InformOf(failure.Reason, monitor);
        }
        else if (answer.Status is >= 300 and < 500 and not 408 and not 429)
        {
            log.Warning(
                "The heartbeat was answered {Status} by {Monitor:l} ({Text:l}); check heartbeat.url",
                answer.Status,
                monitor,
                answer.Text);
        }
        else if (answer.Status is not (>= 200 and < 300))
        {
            InformOf(string.Create(CultureInfo.InvariantCulture, $"it answered {answer.Status}"), monitor);
        }
    }

    void InformOf(string reason, string monitor) => log.Information("The heartbeat did not reach {Monitor:l}: {Reason:l}", monitor, reason);
}
