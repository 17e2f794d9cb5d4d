using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpCollector.Checkpoints;
using OpCollector.Detection;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Sources.Op;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Tests;

/// <summary>The checkpoint on the disk: whole, or refused; never another one in silence.</summary>
public sealed class CheckpointFileSpecs : IDisposable
{
    const string Source = "op:acme";

    static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly Sandbox _host = new();
    readonly CheckpointFile _file;

    public CheckpointFileSpecs()
    {
        Directory.CreateDirectory(_host.State(""));
        _file = File(Source);
    }

    string Current => _host.State("checkpoint.json");

    string Previous => _host.State("checkpoint.prev.json");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_was_written_is_read_again()
    {
        var known = ArbMap.Default.GeneratorFor<(long Eid, int? Time, int Delivered)>()
            .Select(each => new KnownEvent(
                each.Eid & long.MaxValue,
                each.Time is { } time and not 0 ? DateTimeOffset.FromUnixTimeSeconds(time) : null,
                DateTimeOffset.FromUnixTimeSeconds(each.Delivered)));
        var checkpoints =
            from eid in ArbMap.Default.GeneratorFor<long>()
            from time in ArbMap.Default.GeneratorFor<DateTimeOffset?>()
            from recent in known.ArrayOf()
            from malformed in ArbMap.Default.GeneratorFor<byte[]>().ArrayOf()
            select new Checkpoint(
                new OpPosition(Source, eid & long.MaxValue, time, [.. recent], [.. malformed.Select(Convert.ToHexStringLower)]));

        Check.One(Seeds.Try(100), Prop.ForAll(checkpoints.ToArbitrary(), checkpoint =>
        {
            _file.Write(checkpoint);
            IsSame(_file.Read()!, checkpoint).Should().BeTrue();
        }));
    }

    [Fact]
    public void What_correlations_remember_and_what_has_been_told_is_read_again()
    {
        var time = new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(1234567);
        var checkpoint = At(7) with
        {
            SilenceReported = new SilenceAlarms("7", null),
            Correlations =
            [
                new KeptGroup("r", "A\u001fB", time, [new KeptMatch(time, ["1", "2"], 1, "☃", IsUsed: true)]),
                new KeptGroup("r", "", null, [])
            ],
        };

        _file.Write(checkpoint);

        _file.Read().Should().BeEquivalentTo(checkpoint);
    }

    [Fact]
    public void What_an_older_version_remembered_is_read_too()
    {
        const string Old = """{"rule":"r","key":"A","firedAt":null,"matches":[{"time":"2026-09-01T12:00:00+02:00","ids":["1","2"],"member":1,"value":"v","isUsed":true}]}""";

        var group = System.Text.Json.JsonSerializer.Deserialize(Old, KeptJson.Default.KeptGroup)!;

        group.Matches.Should().ContainSingle()
            .Which.Should().BeEquivalentTo(
                new KeptMatch(new DateTimeOffset(2026, 9, 1, 10, 0, 0, TimeSpan.Zero), ["1", "2"], 1, "v", IsUsed: true));
        System.Text.Json.JsonSerializer.Serialize(group, KeptJson.Default.KeptGroup)
            .Should().Contain("[639238536000000000,1,1,\"v\",\"1\",\"2\"]");
    }

    [Theory]
    [InlineData("[1,0,0,null]")]
    [InlineData("[-1,0,0,null,\"1\"]")]
    [InlineData("[9223372036854775807,0,0,null,\"1\"]")]
    [InlineData("[1,-1,0,null,\"1\"]")]
    [InlineData("[1,0,2,null,\"1\"]")]
    [InlineData("[1,0,0,7,\"1\"]")]
    [InlineData("[1,0,0,null,\"1\",{}]")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"time":"2026-09-01T12:00:00Z","ids":[],"member":0,"value":null,"isUsed":true}""")]
    [InlineData("""{"time":"2026-09-01T12:00:00Z","ids":["1"],"member":-1,"value":null,"isUsed":true}""")]
    public void A_match_that_is_none_is_no_match(string match)
    {
        var read = () => System.Text.Json.JsonSerializer.Deserialize(
            $$"""{"rule":"r","key":"A","firedAt":null,"matches":[{{match}}]}""", KeptJson.Default.KeptGroup);

        read.Should().Throw<System.Text.Json.JsonException>();
    }

    [Fact]
    public void What_a_backfill_was_asked_to_do_is_read_again()
    {
        var asked = new OpBackfill(5, 900, Noon, Noon.AddHours(1));
        _file.Write(new Checkpoint(OpPosition.At(Source, 7) with { Backfill = asked }));

        var read = (OpPosition)File(Source).Read()!.Position;

        read.Backfill.Should().Be(asked);
    }

    [Fact]
    public void Without_a_file_it_is_the_first_run() => _file.Read().Should().BeNull();

    [Fact]
    public void A_file_cut_off_anywhere_is_not_taken_for_another_checkpoint()
    {
        Write(At(7), At(9));
        var whole = System.IO.File.ReadAllBytes(Current);

        var read = Enumerable.Range(0, whole.Length).Select(length => ReadInstead(whole[..length])).ToArray();

        // What follows the checksum says nothing.
        read[..^3].Should().AllBeEquivalentTo(7L);
        read[^3..].Should().OnlyContain(eid => eid == 7 || eid == 9);
    }

    [Fact]
    public void A_bit_turned_anywhere_is_noticed()
    {
        Write(At(7), At(9));
        var whole = System.IO.File.ReadAllBytes(Current);

        var read = Enumerable.Range(0, whole.Length * 8).Select(bit =>
        {
            var turned = whole.ToArray();
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            return ReadInstead(turned);
        });

        read.Should().OnlyContain(position => position == 7);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":1,"source":"op:acme","lastEventId":9}""")]
    [InlineData("""{,"checksum":"sha256:"}""")]
    public void A_file_that_holds_no_checkpoint_gives_way_to_the_one_before(string content)
    {
        Write(At(7), At(9));

        ReadInstead(Encoding.UTF8.GetBytes(content)).Should().Be(7);
    }

    [Fact]
    public void A_format_of_the_future_is_not_guessed_at()
    {
        Write(At(7), At(9));
        var future = CheckpointContent.Create(At(9)) with { Format = 2 };

        ReadInstead(CheckpointFile.Serialize(future)).Should().Be(7);
    }

    [Fact]
    public void Line_breaks_of_another_system_at_its_end_do_not_matter()
    {
        Write(At(7), At(9));

        ReadInstead([.. System.IO.File.ReadAllBytes(Current)[..^1], .. "\r\n"u8]).Should().Be(9);
    }

    [Theory]
    [InlineData("lastEventId\":1000", "lastEventId\":1001")]
    [InlineData("{\"format", "\uFEFF{\"format")]
    [InlineData("\"source", "\r\n\"source")]
    public async Task A_file_changed_by_hand_is_refused_and_says_how_to_set_the_position(string found, string changed)
    {
        _host.Account.Log(1);
        await _host.CollectAsync();
        var text = await System.IO.File.ReadAllTextAsync(Current);
        text.Should().Contain(found);
        await System.IO.File.WriteAllTextAsync(Current, text.Replace(found, changed, StringComparison.Ordinal));
        System.IO.File.Delete(Previous);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().Contain("checkpoint.json").And.Contain("damaged").And.Contain("checkpoint set");
    }

    [Fact]
    public async Task A_run_goes_on_from_the_previous_file_when_the_current_one_is_damaged()
    {
        _host.Configuration["start"] = "999";
        var log = _host.Account.Log(150);
        await _host.CollectAsync();
        await System.IO.File.WriteAllTextAsync(Current, "");
        _host.Account.Append(Account.Event(9000));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().Contain("WRN").And.Contain("checkpoint.prev.json");
        _host.Delivered.Should().Equal([.. log, .. log[100..], 9000]);
        (await _host.CollectAsync()).Should().Be(new FinishedRun(0, "", ""));
    }

    [Fact]
    public async Task A_run_goes_on_from_the_previous_file_when_the_current_one_is_gone()
    {
        _host.Configuration["start"] = "999";
        var log = _host.Account.Log(150);
        await _host.CollectAsync();
        System.IO.File.Delete(Current);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().Contain("is missing").And.Contain("checkpoint.prev.json");
        _host.Delivered.Should().Equal([.. log, .. log[100..]]);
    }

    [Fact]
    public async Task Two_damaged_files_stop_every_run_until_the_position_is_set_by_hand()
    {
        var log = _host.Account.Log(150);
        await _host.CollectAsync();
        await System.IO.File.WriteAllTextAsync(Current, "{");
        await System.IO.File.WriteAllTextAsync(Previous, "{");

        var run = await _host.CollectAsync();
        var again = await _host.CollectAsync();
        var set = await _host.RunAsync("checkpoint", "set", $"{log[^2]}");
        var healed = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().Contain("checkpoint set").And.Contain("checkpoint reset");
        again.ExitCode.Should().Be(78);
        set.ExitCode.Should().Be(0);
        healed.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal([.. log, log[^1]]);
    }

    [Fact]
    public async Task The_checkpoint_of_another_account_is_refused_and_not_touched()
    {
        File("op:other").Write(new Checkpoint(OpPosition.At("op:other", 7)));
        var before = await System.IO.File.ReadAllTextAsync(Current);
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().Contain("op:other").And.Contain("op:acme").And.Contain("state.directory");
        (await System.IO.File.ReadAllTextAsync(Current)).Should().Be(before);
        _host.Delivered.Should().BeEmpty();
    }

    [Fact]
    public async Task A_first_look_at_a_host_without_a_state_directory_shows_that_there_is_no_checkpoint_yet()
    {
        Directory.Delete(_host.State(""));
        _host.Account.Log(3);

        var preview = await _host.CollectAsync("--dry-run");
        var show = await _host.RunAsync("checkpoint", "show");
        var status = await _host.RunAsync("status");

        preview.ExitCode.Should().Be(0, preview.Stderr);
        preview.Lines.Should().HaveCount(3);
        show.ExitCode.Should().Be(0, show.Stderr);
        status.ExitCode.Should().Be(0, status.Stderr);
        Directory.Exists(_host.State("")).Should().BeFalse();
    }

    [Fact]
    public void A_reader_finds_a_whole_checkpoint_at_every_moment()
    {
        _file.Write(At(1));
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            var seen = new HashSet<long>();
            while (!done.IsCancellationRequested)
            {
                // The logger throws: a single look at the previous file is a moment without a current one.
                seen.Add(
                    EidIn(
                        new CheckpointFile(new StateDirectory(
                            Path.GetDirectoryName(Current)!), CheckpointFile.Main, Source, Throwing()).Read()!));
            }

            return seen.Count;
        });

        Enumerable.Range(2, 200).ToList().ForEach(eid => _file.Write(At(eid)));
        done.Cancel();

        reading.Invoking(each => each.Wait()).Should().NotThrow();
    }

    [Fact]
    public async Task No_secret_is_in_any_file_of_the_state()
    {
        using var receiver = new Receiver();
        _host.To(receiver);
        _host.Configuration["sink"]!["url"] = receiver.Url.Replace(
            "/hook", "/hook/t0psecret-path?key=t0psecret-query", StringComparison.Ordinal);
        _host.Configuration["sink"]!["auth"] = System.Text.Json.Nodes.JsonNode.Parse("""{"bearer":{"env":"SIEM_TOKEN"}}""");
        _host.Environment["SIEM_TOKEN"] = "t0psecret-bearer";
        _host.Account.Log(3);

        await _host.CollectAsync();

        var files = Directory.GetFiles(_host.State("")).Select(System.IO.File.ReadAllText).ToArray();
        files.Should().HaveCountGreaterThan(2);
        files.Should().NotContain(text => text.Contains("t0psecret") || text.Contains("correct horse"));
    }

    static Checkpoint At(long eid) => new(OpPosition.At(Source, eid, Noon, [new KnownEvent(eid, Noon, Noon)]));

    static Serilog.Core.Logger Throwing() => new LoggerConfiguration().AuditTo.Sink(new Complaining()).CreateLogger();

    CheckpointFile File(string source) =>
        new(new StateDirectory(Path.GetDirectoryName(Current)!), CheckpointFile.Main, source, Serilog.Core.Logger.None);

    void Write(params Checkpoint[] checkpoints) => checkpoints.ToList().ForEach(_file.Write);

    long ReadInstead(byte[] content)
    {
        System.IO.File.WriteAllBytes(Current, content);
        return EidIn(_file.Read()!);
    }

    static long EidIn(Checkpoint checkpoint) => ((OpPosition)checkpoint.Position).LastEventId;

    static bool IsSame(Checkpoint one, Checkpoint other) => IsSame((OpPosition)one.Position, (OpPosition)other.Position);

    static bool IsSame(OpPosition one, OpPosition other) =>
        one.Source == other.Source && one.LastEventId == other.LastEventId && one.LastEventTime == other.LastEventTime
        && one.Recent.SequenceEqual(other.Recent) && one.RecentMalformed.SequenceEqual(other.RecentMalformed);

    sealed class Complaining : Serilog.Core.ILogEventSink
    {
        public void Emit(Serilog.Events.LogEvent logEvent) =>
            throw new InvalidOperationException(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
    }
}
