using System.Diagnostics;
using System.Text;
using OpCollector.Checkpoints;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>Appending and replacing, on disks that tear, fill up and refuse.</summary>
public sealed class DurableFileSpecs : IDisposable
{
    readonly Sandbox _host = new();

    string Target => Path.Combine(_host.Root, "file");

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("", "{\"new\":1}\n")]
    [InlineData("{\"old\":1}\n", "{\"old\":1}\n{\"new\":1}\n")]
    [InlineData("{\"old\":1}\n{\"torn\":", "{\"old\":1}\n{\"new\":1}\n")]
    [InlineData("{\"torn\":", "{\"new\":1}\n")]
    [InlineData("{\"whole but for its end\":1}", "{\"whole but for its end\":1}\n{\"new\":1}\n")]
    [InlineData("a line of somebody else", "a line of somebody else\n{\"new\":1}\n")]
    [InlineData("{\"old\":1}\n# note", "{\"old\":1}\n# note\n{\"new\":1}\n")]
    public void A_line_is_appended_to_whole_lines(string before, string after)
    {
        File.WriteAllText(Target, before);

        DurableFile.AppendLines(Target, "{\"new\":1}\n"u8);

        File.ReadAllText(Target).Should().Be(after);
    }

    [Fact]
    public void A_torn_line_longer_than_any_block_is_cut_off_as_a_whole()
    {
        File.WriteAllText(Target, "{\"old\":1}\n{\"torn\":\"" + new string('x', 100_000));

        DurableFile.AppendLines(Target, "{\"new\":1}\n"u8);

        File.ReadAllText(Target).Should().Be("{\"old\":1}\n{\"new\":1}\n");
    }

    [Fact]
    public void Zeros_that_a_power_cut_left_behind_the_last_line_are_cut_off()
    {
        File.WriteAllText(Target, "{\"old\":1}\n" + new string('\0', 5000));

        DurableFile.AppendLines(Target, "{\"new\":1}\n"u8);

        File.ReadAllText(Target).Should().Be("{\"old\":1}\n{\"new\":1}\n");
    }

    [Fact]
    public void Zeros_of_any_length_are_cut_off_unread()
    {
        File.WriteAllText(Target, "{\"old\":1}\n");
        using (var file = File.OpenWrite(Target))
        {
            file.SetLength(3L << 30);
        }

        DurableFile.AppendLines(Target, "{\"new\":1}\n"u8);

        File.ReadAllText(Target).Should().Be("{\"old\":1}\n{\"new\":1}\n");
    }

    [Theory]
    [InlineData("{", 3L << 30)]
    [InlineData("{\"a\":[1,", (64L << 20) + 1)]
    [InlineData("x", 100_000_000)]
    public void A_last_line_that_is_longer_than_any_of_ours_is_left_and_ended(string begin, long length)
    {
        File.WriteAllText(Target, begin);
        using (var file = File.OpenWrite(Target))
        {
            file.SetLength(length);
        }

        DurableFile.AppendLines(Target, "{\"new\":1}\n"u8);

        using var after = File.OpenRead(Target);
        after.Position = length;
        new StreamReader(after).ReadToEnd().Should().Be("\n{\"new\":1}\n");
    }

    [Fact]
    public void A_file_replaced_keeps_what_it_held_under_the_other_name()
    {
        var previous = Target + ".prev";

        foreach (var content in new[] { "one", "two", "three" })
        {
            DurableFile.Replace(Target, Encoding.UTF8.GetBytes(content), previous);
        }

        File.ReadAllText(Target).Should().Be("three");
        File.ReadAllText(previous).Should().Be("two");
        Directory.GetFiles(_host.Root).Should().BeEquivalentTo([Target, previous]);
    }

    [Fact]
    public void What_a_crash_left_beside_a_file_is_no_hindrance()
    {
        File.WriteAllText(Target, "one");
        File.WriteAllText(Target + ".tmp", "half of somethi");
        File.WriteAllText(Target + ".prev.tmp", "half of somethi");

        DurableFile.Replace(Target, "two"u8, Target + ".prev");

        File.ReadAllText(Target).Should().Be("two");
        File.ReadAllText(Target + ".prev").Should().Be("one");
        Directory.GetFiles(_host.Root).Should().HaveCount(2);
    }

    [Fact]
    public async Task Runs_that_learn_of_op_at_once_do_not_undo_what_the_other_learnt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_host.State("op.json"))!);
        // A backfill and cron both keep what they learn of op.
        var learners = Enumerable.Range(0, 4).Select(learner => Task.Run(() =>
        {
            var memory = new OpMemory.RunMemory(new StateDirectory(_host.State("")));
            for (var i = 0; i < 50; i++)
            {
                memory.RememberVersion(new FileInfo(ShippedFiles.OpEmulator), $"1.{learner}");
                memory.TryTakeTotpStep(7);
            }
        }));

        var all = async () => await Task.WhenAll(learners);

        await all.Should().NotThrowAsync();
        new OpMemory.RunMemory(new StateDirectory(_host.State(""))).LastTotpStep.Should().Be(7);
    }

    [Fact]
    public async Task A_directory_made_with_its_parents_outlives_a_power_cut()
    {
        using var disk = await LossyFileSystem.MountAsync();
        var path = Path.Combine(await disk.MakeAsync("root"), "a/b/c");

        DurableFile.MakeDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await disk.RestartAsync("forget", 0);

        Directory.Exists(path).Should().BeTrue();
    }

    [Fact]
    public async Task The_directory_of_the_output_is_made()
    {
        var log = _host.Account.Log(3);
        _host.Configuration["sink"]!["path"] = "a/b/events.ndjson";

        await _host.CollectAsync();

        (await File.ReadAllLinesAsync(Path.Combine(_host.Root, "a/b/events.ndjson"))).Select(Sandbox.Eid).Should().Equal(log);
    }

    [Fact]
    public async Task An_output_renamed_between_two_batches_is_begun_anew()
    {
        var log = StartBelow(_host.Account.Log(150));
        _host.Account.WithFault("""{"command":"list events","call":4,"do":"wait"}""");
        using var running = _host.Start("collect");
        await Until.IsAsync(() => _host.Delivered.Length == 100, "the first batch is delivered");

        File.Move(_host.Output, _host.Output + ".1");
        await File.WriteAllTextAsync(Path.Combine(_host.Home, "op-go"), "");
        await running.ToEndAsync();

        (await File.ReadAllLinesAsync(_host.Output + ".1")).Select(Sandbox.Eid).Should().Equal(log[..100]);
        _host.Delivered.Should().Equal(log[100..]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' XFSZ; ")]
    public async Task A_limit_for_the_size_of_files_names_the_file_and_loses_nothing(string parent)
    {
        var log = StartBelow(_host.Account.Log(250));
        var before = new string('x', 1_023_000);
        Directory.CreateDirectory(Path.GetDirectoryName(_host.Output)!);
        await File.WriteAllTextAsync(_host.Output, $"{before}\n");
        using var limited = _host.Start(
            "/bin/sh", ["-c", $"""{parent}ulimit -f 2000; exec "{ShippedFiles.OpCollector}" collect "$0" "$1" """]);

        var run = await limited.ToEndAsync();
        var again = await _host.CollectAsync();

        run.ExitCode.Should().Be(74, run.Stderr);
        run.LastWords.Should().Contain($"{_host.Output}: cannot be written: File too large");
        ((int)_host.LastRun["exitCode"]!, again.ExitCode).Should().Be((0, 0));
        var lines = await File.ReadAllLinesAsync(_host.Output);
        lines[0].Should().Be(before);
        lines[1..].Select(Sandbox.Eid).Should().Equal(log);
    }

    [Fact]
    public async Task A_line_torn_by_a_crash_is_repaired_and_its_event_delivered_again()
    {
        var log = StartBelow(_host.Account.Log(150));
        await Strace.CollectAsync(_host, "fsync:signal=SIGKILL:when=1", _host.Output);
        var torn = await File.ReadAllBytesAsync(_host.Output);
        await File.WriteAllBytesAsync(_host.Output, torn[..^10]);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal([.. log[..99], .. log]);
    }

    [Theory]
    [InlineData("/dev/full/x")]
    [InlineData("out/directory")]
    [InlineData("/proc/events.ndjson")]
    public async Task An_output_that_cannot_be_written_ends_the_run(string path)
    {
        Directory.CreateDirectory(Path.Combine(_host.Root, "out/directory"));
        _host.Account.Log(3);
        _host.Configuration["sink"]!["path"] = path;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(74);
        run.Stderr.Should().Contain(path).And.NotContain("bug");
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(0);
    }

    [Fact]
    public async Task A_standard_stream_is_no_output_file()
    {
        _host.Account.Log(3);
        _host.Configuration["sink"]!["path"] = "/dev/stdout";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("/dev/stdout is not a regular file");
        run.Stdout.Should().BeEmpty();
    }

    [Fact]
    public async Task An_output_that_is_a_pipe_is_no_bug_of_ours()
    {
        using (var mkfifo = Process.Start("/usr/bin/mkfifo", [Path.Combine(_host.Root, "pipe")]))
        {
            await mkfifo.WaitForExitAsync();
        }

        _host.Account.Log(3);
        _host.Configuration["sink"]!["path"] = "pipe";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().BeOneOf(74, 78);
        run.Stderr.Should().Contain("pipe").And.NotContain("bug");
    }

    [Fact]
    public async Task A_full_disk_under_the_output_loses_nothing()
    {
        var log = StartBelow(_host.Account.Log(250));
        using var disk = new SmallDisk(Path.Combine(_host.Root, "out"), "size=128k");
        await File.WriteAllBytesAsync(disk.Filler, new byte[84_000]);

        var run = await _host.CollectAsync();
        var fitted = _host.Delivered;
        File.Delete(disk.Filler);
        var again = await _host.CollectAsync();

        run.ExitCode.Should().Be(74);
        run.Stderr.Should().Contain("events.ndjson").And.Contain("No space left");
        fitted.Should().Equal(log[..100]);
        again.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_full_disk_under_the_state_loses_nothing()
    {
        using var receiver = new Receiver();
        var log = StartBelow(_host.To(receiver).Account.Log(150));
        using var disk = new SmallDisk(_host.State(""));
        await _host.CollectAsync();
        var position = (long)_host.Checkpoint["lastEventId"]!;
        _host.Account.Append(Account.Event(9000));
        disk.Fill();

        var run = await _host.CollectAsync();
        var kept = (long)_host.Checkpoint["lastEventId"]!;
        File.Delete(disk.Filler);
        var again = await _host.CollectAsync();

        run.ExitCode.Should().Be(74, run.Stderr);
        run.Complaint.Should().Contain("No space left");
        kept.Should().Be(position);
        again.ExitCode.Should().Be(0, again.Stderr);
        receiver.Accepted.Distinct().Should().Equal([.. log, 9000]);
    }

    long[] StartBelow(long[] log)
    {
        _host.Configuration["start"] = $"{log[0] - 1}";
        return log;
    }
}
