using System.Collections.Immutable;
using System.CommandLine;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Flow;
using Serilog;

namespace OpCollector.Cli;

/// <summary><c>opcollector replay</c>: delivers the quarantine again, once its reasons are gone.</summary>
internal static class ReplayCommand
{
    public static Command Create(SharedOptions shared)
    {
        var command = new Command("replay", "Deliver the quarantine again; items rejected again stay, with the new reason");
        command.SetAction(async (parsed, _) => (int)await ReplayAsync(shared.Host(parsed)));
        return command;
    }

    static async Task<ExitCode> ReplayAsync(Host host)
    {
        var quarantine = host.Quarantine;
        if (quarantine.IsEmpty)
        {
            LogNothingToReplay(host);
            return ExitCode.Done;
        }

        using var held = host.TryHold("replay");
        if (held is null)
        {
            throw new Failure(ExitCode.HeldUp, "Another replay is at work");
        }

        using var limits = RunLimits.Unbounded(host.Settings.MaxRunTime, host.Time).ObeySignals();
        using var routes = host.Routes();
        var accepted = host.Status(host.Log).Checkpoint?.Accepted ?? ImmutableSortedDictionary<string, string>.Empty;
        var replay = new Replay(quarantine, routes, accepted, limits);
        try
        {
            await replay.RunAsync();
        }
        catch (Exception ex) when (limits.Signal is not null
            && ex is OperationCanceledException or Failure { Code: ExitCode.HeldUp or ExitCode.SinkNonsense })
        {
            // A retry that was cut short says nothing about the receiver: the signal is the reason.
            return limits.Signal.Value;
        }

        return Report(replay, routes.Name, quarantine.Location, host.Log);
    }

    static void LogNothingToReplay(Host host)
    {
        if (host.State.Exists)
        {
            host.Log.Information("The quarantine in {Directory:l} is empty", host.State.Location);
        }
        else
        {
            host.Log.Warning("{NoState:l}", host.NoState);
        }
    }

    static ExitCode Report(Replay replay, string sink, string path, ILogger log)
    {
        log.Information("{Events} events delivered to {Sink:l} after all", replay.Delivered, sink);
        if (replay.RejectedAgain + replay.Undeliverable == 0)
        {
            return ExitCode.Done;
        }

        log.Warning("Still in {Path:l}: {Left:l}", path, string.Join(", and ", Left(replay)));
        return ExitCode.Quarantined;
    }

    static IEnumerable<string> Left(Replay replay)
    {
        if (replay.RejectedAgain > 0)
        {
            yield return $"{Quantity.Format(replay.RejectedAgain, "item")} that the sink refused again, with the new reason";
        }

        if (replay.Undeliverable > 0)
        {
            yield return $"{Quantity.Format(replay.Undeliverable, "item")} that cannot be sent: not a JSON object, or larger than 16 MB";
        }
    }
}
