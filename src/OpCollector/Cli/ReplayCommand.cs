using System.CommandLine;
using OpCollector.Delivery;

namespace OpCollector.Cli;

/// <summary><c>opcollector replay</c>: delivers the quarantine again, once its reasons are gone.</summary>
internal static class ReplayCommand
{
    public static Command Create(Func<ParseResult, Setup> setup)
    {
        var command = new Command("replay", "Deliver the quarantine again; what is refused once more stays, with the new reason");
        command.SetAction(async (parsed, _) => (int)await ReplayAsync(setup(parsed)));
        return command;
    }

    static async Task<ExitCode> ReplayAsync(Setup setup)
    {
        var quarantine = setup.Quarantine;
        if (quarantine.IsEmpty)
        {
            setup.Log.Information("The quarantine is empty");
            return ExitCode.Done;
        }

        setup.State.Ensure();
        using var held = setup.TryLock("replay.lock");
        if (held is null)
        {
            throw new Failure(ExitCode.HeldUp, "Another replay is at work");
        }

        using var limits = RunLimits.Unbounded(setup.Settings.MaxRunTime, setup.Time).ObeySignals();
        using var sink = setup.Sink();
        var isKnown = sink.Fingerprint is { } fingerprint && fingerprint == setup.Standing(setup.Log, out _).Checkpoint?.SinkAccepted;
        var replay = new Replay(quarantine, sink, isKnown, limits);
        try
        {
            await replay.RunAsync();
        }
        catch (Exception ex) when (limits.Signal is not null && ex is OperationCanceledException or Failure { Code: ExitCode.HeldUp or ExitCode.SinkNonsense })
        {
            // A retry that was cut short is no answer: the signal is the reason.
            return limits.Signal.Value;
        }

        setup.Log.Information("{Events} events delivered to {Sink:l} after all", replay.Delivered, sink.Name);
        if (replay.RefusedAgain + replay.Undeliverable == 0)
        {
            return ExitCode.Done;
        }

        setup.Log.Warning(
            "Still in {Path:l}: {Refused} events that the sink refused again, with the new reason, and {Undeliverable} items that are no JSON objects, or larger than 16 MB, and cannot be sent",
            quarantine.FullPath,
            replay.RefusedAgain,
            replay.Undeliverable);
        return ExitCode.Quarantined;
    }
}
