using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Storage;
using OpCollector.Storage.Postgres;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>The state in PostgreSQL keeps what a directory keeps, and answers as it does.</summary>
[Slow]
public sealed class PostgresStateSpecs : IClassFixture<PostgresServer>, IDisposable
{
    static int _schemas;

    readonly PostgresServer _server;
    readonly string _schema = $"state_{Interlocked.Increment(ref _schemas)}";
    readonly List<PostgresSession> _sessions = [];

    public PostgresStateSpecs(PostgresServer server)
    {
        PostgresServer.SkipWithout();
        _server = server;
    }

    public void Dispose() => _sessions.ForEach(each => each.Dispose());

    [Fact]
    public void What_is_written_is_read_by_the_next_one_and_by_no_other_name()
    {
        var (first, second, other) = (Open(), Open(), Open("globex"));

        first.Replace("checkpoint.json", "one"u8);
        first.Replace("checkpoint.json", "two"u8, "checkpoint.prev.json");

        second.Read("checkpoint.json", StateStore.Large).Should().Equal("two"u8.ToArray());
        second.Read("checkpoint.prev.json", StateStore.Large).Should().Equal("one"u8.ToArray());
        second.Names("check", ".json").Should().Equal("checkpoint.json", "checkpoint.prev.json");
        second.Written("checkpoint.json").Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        other.Read("checkpoint.json", StateStore.Large).Should().BeNull();
        other.Names("", "").Should().BeEmpty();
    }

    [Fact]
    public void Records_are_appended_and_the_last_of_them_are_read()
    {
        var state = Open();

        state.Append("seen.bin", "aabb"u8, 2);
        state.Append("seen.bin", "ccdd"u8, 2);

        state.ReadRecords("seen.bin", 2, 100).Should().Equal("aabbccdd"u8.ToArray());
        state.ReadRecords("seen.bin", 2, 5).Should().Equal("ccdd"u8.ToArray());
        state.ReadRecords("seen.bin", 2, 3).Should().Equal("dd"u8.ToArray());
        state.Delete("seen.bin");
        state.ReadRecords("seen.bin", 2, 100).Should().BeEmpty();
    }

    [Fact]
    public void What_is_larger_than_it_may_be_is_named_and_left_alone()
    {
        var state = Open();
        state.Replace("names.json", new byte[2 * 1024 * 1024]);

        var reading = () => state.Read("names.json", StateStore.Small);

        reading.Should().Throw<Failure>().Where(failure => failure.Code == ExitCode.Configuration).WithMessage("names.json of acme*1 MB*");
    }

    [Fact]
    public void What_is_written_together_is_there_as_a_whole_or_not_at_all()
    {
        var state = Open();

        var writing = () => state.WriteTogether(() =>
        {
            state.Replace("checkpoint.json", "one"u8);
            state.Append("seen.bin", "aa"u8, 2);
            throw new Failure(ExitCode.HeldUp, "in the middle");
        });

        writing.Should().Throw<Failure>();
        Open().Names("", "").Should().BeEmpty();
    }

    // What is written together may wait for a lock that the other thread holds while it reads.
    [Fact]
    public void Who_reads_while_another_thread_writes_together_is_not_kept_waiting()
    {
        var state = Open();

        state.WriteTogether(() =>
        {
            state.Replace("checkpoint.json", "one"u8);
            var reading = Task.Run(() => state.Read("checkpoint.json", StateStore.Large));
            reading.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
            reading.Result.Should().BeNull("it is not committed");
        });

        state.Read("checkpoint.json", StateStore.Large).Should().Equal("one"u8.ToArray());
    }

    [Fact]
    public async Task Two_runs_that_change_the_same_do_not_undo_what_the_other_wrote()
    {
        PostgresState[] states = [Open(), Open(), Open()];

        await Parallel.ForEachAsync(states, (state, _) =>
        {
            for (var time = 0; time < 20; time++)
            {
                state.Change("op.json", StateStore.Small, bytes => [.. bytes ?? [], 1]);
            }

            return ValueTask.CompletedTask;
        });

        Open().Read("op.json", StateStore.Small).Should().HaveCount(60);
    }

    [Fact]
    public void A_lease_is_held_by_one_until_it_is_given_back_or_over()
    {
        var (first, second) = (Open(), Open());
        var held = Hold(first);

        Hold(second).Should().BeNull();
        held!.Dispose();
        var next = Hold(second);
        next.Should().NotBeNull();
        Hold(first).Should().BeNull();
        EndLeases();
        Hold(first).Should().NotBeNull("its time was over");
        next!.Dispose();
        Hold(Open()).Should().BeNull("who has lost a lease cannot give it back");
    }

    [Fact]
    public void Who_has_lost_the_lease_changes_nothing_any_more()
    {
        var (first, second) = (Open(), Open());
        using var lost = Hold(first);
        first.Replace("checkpoint.json", "first"u8);
        EndLeases();
        using var taken = Hold(second);
        second.Replace("checkpoint.json", "second"u8);

        var writing = () => first.Replace("checkpoint.json", "first again"u8);

        writing.Should().Throw<Failure>().Where(failure => failure.Code == ExitCode.HeldUp).WithMessage("*taken over*");
        Open().Read("checkpoint.json", StateStore.Large).Should().Equal("second"u8.ToArray());
    }

    [Fact]
    public void A_lease_that_is_over_and_that_nobody_took_is_still_good()
    {
        var first = Open();
        using var held = Hold(first);
        EndLeases();

        first.Replace("checkpoint.json", "first"u8);

        Hold(Open()).Should().BeNull("the write has renewed it");
    }

    [Fact]
    public void A_holder_that_hangs_is_named()
    {
        using var held = Hold(Open());

        var taking = () => Open().TryHold("collect", TimeSpan.Zero, TimeProvider.System);

        taking.Should().Throw<Failure>().Where(failure => failure.Code == ExitCode.HeldUp)
            .WithMessage($"*{Environment.MachineName} (pid {Environment.ProcessId}*");
    }

    [Fact]
    public void A_database_that_forgets_what_it_has_confirmed_is_noticed()
    {
        var state = Open();
        using var held = Hold(state);
        state.Replace("checkpoint.json", "one"u8);
        _server.Ask($"UPDATE {_schema}.lease SET commits = commits - 1");

        var writing = () => state.Replace("checkpoint.json", "two"u8);

        writing.Should().Throw<Failure>().Where(failure => failure.Code == ExitCode.HeldUp).WithMessage("*forgotten*");
    }

    [Fact]
    public void An_older_schema_is_brought_up_to_date_and_keeps_what_it_holds()
    {
        var older = string.Format(System.Globalization.CultureInfo.InvariantCulture, PostgresSchema.Steps[0], _schema);
        _server.Ask($"CREATE SCHEMA {_schema}; CREATE TABLE {_schema}.version (number int NOT NULL); {older}");
        _server.Ask($"INSERT INTO {_schema}.version VALUES (1)");
        _server.Ask($"INSERT INTO {_schema}.content (name, file, bytes) VALUES ('acme', 'x', 'y')");

        var state = Open();

        state.Session.Version.Should().Be(PostgresSchema.Steps.Count);
        state.Read("x", StateStore.Small).Should().Equal("y"u8.ToArray());
        state.Quarantine.Sum.Count.Should().Be(0);
    }

    [Fact]
    public void A_newer_schema_is_refused_and_left_alone()
    {
        Open();
        _server.Ask($"INSERT INTO {_schema}.version VALUES (99)");

        var opening = () => Open();

        opening.Should().Throw<Failure>().Where(failure => failure.Code == ExitCode.Configuration).WithMessage("*version 99*newer*");
    }

    [Fact]
    public async Task Many_hosts_that_begin_at_once_make_the_tables_once()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 5), (_, _) =>
        {
            Open();
            return ValueTask.CompletedTask;
        });

        _server.Ask($"SELECT count(*) FROM {_schema}.version").Should().Be((long)PostgresSchema.Steps.Count);
    }

    [Fact]
    public void A_schema_of_ones_own_is_enough()
    {
        _server.Ask($"CREATE ROLE {_schema}_user LOGIN; CREATE SCHEMA {_schema} AUTHORIZATION {_schema}_user");

        var state = Open(user: $"{_schema}_user");

        state.Replace("checkpoint.json", "one"u8);
        state.Session.Try().Should().BeTrue();
    }

    [Fact]
    public void A_user_who_may_make_nothing_is_told_so()
    {
        _server.Ask($"CREATE ROLE {_schema}_user LOGIN");

        var opening = () => Open(user: $"{_schema}_user");

        opening.Should().Throw<Failure>().Where(failure => failure.Code == ExitCode.StateNotCreated).WithMessage("*GRANT*");
    }

    // check, detect, report and the alarms of a run without events look up watch lists in them.
    [Fact]
    public void Names_that_runs_have_learned_are_known_to_those_who_only_look()
    {
        var now = DateTimeOffset.UtcNow;
        var groups = NameList.Empty.Trying(now).With([new NamedEntity("gggggggggggggggggggggggggg", "Owners")]);

        new NameBookFile(Open(), "op:acme").Write(NameBook.Empty.With(NameKind.Group, groups), now);

        Known(Open()).Book.All.Should().ContainSingle().Which.Entity.Name.Should().Be("Owners");
    }

    [Fact]
    public void Those_who_only_look_do_without_names_where_the_database_cannot_be_reached()
    {
        using var closed = new PostgresSession(
            PostgresAddress.Parse("Host=127.0.0.1;Port=1;Username=postgres;Database=postgres;Timeout=1"), _schema, TimeProvider.System);

        Known(new PostgresState(closed, "acme", walks: null, TimeSpan.FromMinutes(5))).Book.All.Should().BeEmpty();
    }

    static KnownNames Known(PostgresState state) =>
        new(state, "op:acme", new EnrichmentSettings(TimeSpan.FromHours(6), []), Logger.None);

    PostgresState Open(string name = "acme", string user = "postgres")
    {
        var address = PostgresAddress.Parse(_server.Connection.Replace("Username=postgres", $"Username={user}", StringComparison.Ordinal));
        var session = new PostgresSession(address, _schema, TimeProvider.System);
        lock (_sessions)
        {
            _sessions.Add(session);
        }

        var state = new PostgresState(session, name, walks: null, TimeSpan.FromMinutes(5));
        state.Ensure();
        return state;
    }

    static IDisposable? Hold(PostgresState state) => state.TryHold("collect", TimeSpan.FromMinutes(12), TimeProvider.System);

    void EndLeases() => _server.Ask($"UPDATE {_schema}.lease SET until = clock_timestamp()");
}
