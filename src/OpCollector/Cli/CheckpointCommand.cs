using System.CommandLine;
using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Printing;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary><c>opcollector checkpoint</c>: shows or moves the position by hand.</summary>
internal static class CheckpointCommand
{
    public static Command Create(SharedOptions shared)
    {
        var eid = new Argument<long>("eid")
        {
            Description = "The last event that counts as delivered; 0 means none",
            CustomParser = NumberParsing.Eid,
        };
        var show = new Command("show", "Print the position and where it is kept");
        var set = new Command("set", "Go on after this event, whatever was delivered") { eid };
        var reset = new Command("reset", "Forget the position: the next run begins as the very first one (start)");
        show.SetAction((parsed, _) => Task.FromResult((int)Show(shared.Host(parsed))));
        set.SetAction((parsed, _) => Task.FromResult((int)Set(shared.Host(parsed), parsed.GetValue(eid))));
        reset.SetAction((parsed, _) => Task.FromResult((int)Reset(shared.Host(parsed))));
        return new Command("checkpoint", "Show or move the position that collect goes on from") { show, set, reset };
    }

    static ExitCode Show(Host host)
    {
        if (host.Checkpoints.Read() is not { } checkpoint)
        {
            Screen.Print($"no checkpoint yet in {host.State.Location}: the first run begins at start ({host.Settings.Start.Text})");
            return ExitCode.Done;
        }

        Screen.Print($"source       {checkpoint.Position.SourceText}");
        Screen.Print($"position     {checkpoint.Position.Text}");
        foreach (var (what, text) in checkpoint.Position.Details)
        {
            Screen.Print($"{what,-12} {text}");
        }

        Screen.Print($"file         {host.State.PathOf(CheckpointFile.Main)}");
        return ExitCode.Done;
    }

    static ExitCode Set(Host host, long eid)
    {
        if (host.Settings.Source.At(eid) is not { } position)
        {
            throw new Failure(
                ExitCode.Usage,
                "checkpoint set EID is for the op source; for events-api begin anew with opcollector checkpoint reset and start, or " +
                    "deliver older events with opcollector backfill --since TIME");
        }

        using var held = Lock(host);
        host.Checkpoints.RefuseForeign();
        host.Checkpoints.Overwrite(new Checkpoint(position));
        host.Walks?.Delete(StateDirectory.Walk);
        host.Log.Information("The next run goes on after event {Eid} ({Place:l})", eid, host.State.PathOf(CheckpointFile.Main));
        return ExitCode.Done;
    }

    static ExitCode Reset(Host host)
    {
        if (!host.State.Exists)
        {
            host.Log.Warning("{NoState:l}", host.NoState);
            return ExitCode.Done;
        }

        using var held = Lock(host);
        host.Checkpoints.RefuseForeign();
        var forgotten = Forgotten(host);
        host.Checkpoints.Delete();
        host.Walks?.Delete(StateDirectory.Walk);
        foreach (var stream in EventStream.All)
        {
            new SeenFiles(host.State, stream.Name).DeleteAll();
        }

        foreach (var line in new ForgottenPosition(forgotten, host.State.Location, host.Settings.Start, host.Time.GetUtcNow()).Lines)
        {
            Screen.Print(line);
        }

        return ExitCode.Done;
    }

    // To forget a damaged checkpoint is the way out of it.
    static Position? Forgotten(Host host)
    {
        try
        {
            return host.Checkpoints.Read()?.Position;
        }
        catch (Failure)
        {
            return null;
        }
    }

    static IDisposable Lock(Host host) => host.TryHold(Host.CollectWork)
        ?? throw new Failure(
            ExitCode.HeldUp,
            "A run is at work and would write its own position over this one; try again when it is done");
}
