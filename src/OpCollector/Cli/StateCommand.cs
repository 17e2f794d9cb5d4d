using System.CommandLine;
using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;
using OpCollector.Storage;
using OpCollector.Storage.Postgres;

namespace OpCollector.Cli;

/// <summary><c>opcollector state</c>: moves the state between the directory and the database of the configuration.</summary>
internal static class StateCommand
{
    public static Command Create(SharedOptions shared)
    {
        var toPostgres = new Option<bool>("--to-postgres") { Description = "From state.directory to state.postgres" };
        var toDirectory = new Option<bool>("--to-directory") { Description = "From state.postgres to state.directory" };
        var copy = new Command("copy", "Copy the state to where none is, and compare what arrived; the original stays as it is")
        {
            toPostgres,
            toDirectory,
        };
        copy.Validators.Add(result =>
        {
            if (result.GetResult(toPostgres) is { Implicit: false } == result.GetResult(toDirectory) is { Implicit: false })
            {
                result.AddError("Say one of --to-postgres and --to-directory.");
            }
        });
        copy.SetAction((parsed, _) => Task.FromResult((int)Copy(shared.HostWithoutSink(parsed), parsed.GetValue(toPostgres))));
        return new Command("state", "Copy the state between the directory and the database") { copy };
    }

    static ExitCode Copy(Host host, bool toPostgres)
    {
        if (host.State is not PostgresState database)
        {
            throw new Failure(
                ExitCode.Usage, "state copy needs both places in the configuration: add state.postgres with its connection and name");
        }

        var (here, there) = (new StatePlace(host.Directory, host.QuarantineOf(host.Directory)), new StatePlace(database, host.Quarantine));
        host.Directory.Ensure();
        database.Ensure();
        var held = Hold(host, database).ToList();
        try
        {
            Screen.Print(toPostgres ? StateCopy.Make(here, there) : StateCopy.Make(there, here));
            return ExitCode.Done;
        }
        finally
        {
            held.ForEach(each => each.Dispose());
        }
    }

    // Nobody may write to either of them meanwhile.
    static IEnumerable<IDisposable> Hold(Host host, PostgresState database)
    {
        IDisposable Held(StateStore store, string work) => store.TryHold(work, TimeSpan.MaxValue, host.Time) ?? throw Busy();
        foreach (var backfill in CheckpointFile.BackfillNames(host.Directory))
        {
            yield return Held(host.Directory, Path.GetFileNameWithoutExtension(backfill));
        }

        yield return Held(host.Directory, "replay");
        // Where walks are kept here, this one holds the directory's too.
        yield return Held(database, Host.CollectWork);
        if (host.Walks is null)
        {
            yield return Held(host.Directory, Host.CollectWork);
        }

        if (new PostgresCollectors(database.Session).Holders.Count(each => each.Name == database.Name) > 1)
        {
            throw Busy();
        }
    }

    static Failure Busy() => new(ExitCode.HeldUp, "A run is at work and would write meanwhile; nothing was copied, try again when it is done");
}
