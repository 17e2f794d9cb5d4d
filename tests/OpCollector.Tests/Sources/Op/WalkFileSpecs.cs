using System.Text;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>A walk backwards outlives the run that began it, whatever a crash left of it.</summary>
public sealed class WalkFileSpecs : IDisposable
{
    const string Source = "op:acme";

    readonly Sandbox _host = new();
    readonly string _path;

    public WalkFileSpecs() => _path = Path.Combine(_host.Root, "walk.ndjson");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void It_is_read_from_the_oldest_page_to_the_newest()
    {
        using var walk = Create([30, 31, 32], [20, 21], [10]);

        walk.Lowest.Should().Be(10);
        Eids(walk).Should().Equal(10, 20, 21, 30, 31, 32);
    }

    [Fact]
    public void Another_run_goes_on_below_its_lowest_event()
    {
        Create([30, 31], [20, 21]).Dispose();

        using var walk = WalkFile.Open(_path, Source)!;
        walk.Append(Page(10));

        walk.Lowest.Should().Be(10);
        Eids(walk).Should().Equal(10, 20, 21, 30, 31);
    }

    [Fact]
    public void The_time_at_which_it_may_end_is_kept()
    {
        var since = DateTimeOffset.UtcNow;
        using (var first = WalkFile.Create(_path, Source, since))
        {
            first.Append(Page(5));
        }

        using var walk = WalkFile.Open(_path, Source)!;

        walk.Since.Should().Be(since);
    }

    [Fact]
    public void What_could_not_be_read_and_bytes_that_are_no_text_are_kept()
    {
        byte[] page = [.. "[{\"eid\":5,\"a\":\"\\ud800\"},{\"no\":1},{\"eid\":6,\"who\":\""u8, 0xFF, .. "\"}]"u8];
        using (var first = WalkFile.Create(_path, Source))
        {
            first.Append(OpPage.Parse(page));
        }

        using var walk = WalkFile.Open(_path, Source)!;

        var kept = walk.Ascending().Single();
        kept.Events.Select(each => each.ToString()).Should().Equal("{\"eid\":5,\"a\":\"\\ud800\"}");
        kept.Malformed.Select(each => each.Id).Should().Equal(OpPage.Parse(page).Malformed.Select(each => each.Id));
    }

    [Fact]
    public void A_line_torn_anywhere_is_cut_off_and_asked_for_again()
    {
        Create([30, 31], [20, 21]).Dispose();
        var whole = File.ReadAllBytes(_path);
        var lines = Encoding.UTF8.GetString(whole).Split('\n');
        var end = whole.Length - lines[2].Length - 1;

        for (var length = end; length < whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            using var walk = WalkFile.Open(_path, Source)!;
            walk.Append(Page(20, 21));

            walk.Pages.Should().Be(2);
            Eids(walk).Should().Equal(20, 21, 30, 31);
            File.ReadAllBytes(_path).Should().Equal(whole);
        }
    }

    [Fact]
    public void A_bit_turned_anywhere_is_noticed_and_the_page_asked_for_again()
    {
        Create([30, 31], [20, 21], [10]).Dispose();
        var whole = File.ReadAllBytes(_path);
        var random = new Random(7);

        for (var at = 0; at < whole.Length; at++)
        {
            byte[] turned = [.. whole];
            turned[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_path, turned);
            using var walk = WalkFile.Open(_path, Source);

            var kept = walk is null ? [] : Eids(walk);
            string.Join(',', kept).Should().BeOneOf(["", "30,31", "20,21,30,31"], $"byte {at} was {whole[at]} and is {turned[at]}");
        }
    }

    [Fact]
    public void A_page_that_is_gone_from_the_middle_is_noticed()
    {
        Create([30, 31], [20, 21], [10]).Dispose();
        var lines = File.ReadAllLines(_path);
        File.WriteAllText(_path, $"{lines[0]}\n{lines[1]}\n{lines[3]}\n");

        using var walk = WalkFile.Open(_path, Source)!;

        Eids(walk).Should().Equal(30, 31);
    }

    [Fact]
    public void A_page_that_changes_while_it_is_read_ends_the_run()
    {
        using var walk = Create([30, 31], [20, 21]);
        var text = File.ReadAllText(_path);
        File.WriteAllText(_path, text.Replace("\"eid\":20", "\"eid\":21", StringComparison.Ordinal));

        var reading = () => Eids(walk);

        reading.Should().Throw<Failure>().Where(failure => failure.Code == ExitCode.Disk && failure.Message.Contains(_path));
    }

    [Fact]
    public void The_walk_of_a_version_without_checksums_is_gone_on_with()
    {
        File.WriteAllText(
            _path,
            "{\"source\":\"op:acme\",\"order\":\"newest first\",\"since\":\"2026-11-01T00:00:00+00:00\"}\n[{\"eid\":30},{\"eid\":31}]\n[{\"eid\":20}]\n[{\"eid\":1");

        using (var walk = WalkFile.Open(_path, Source)!)
        {
            walk.Append(Page(10));
        }

        using var again = WalkFile.Open(_path, Source)!;
        again.Since.Should().Be(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        Eids(again).Should().Equal(10, 20, 30, 31);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("garbage\n")]
    [InlineData("[]\n")]
    [InlineData("[{\"eid\":\n")]
    [InlineData("null\n")]
    [InlineData("{\"eid\":7}\n")]
    [InlineData("[{\"no\":\"eid\"}]\n")]
    [InlineData("[{\"eid\":30}]\n")]
    [InlineData("[{\"eid\":25},{\"eid\":31}]\n")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("\0\0\0\0[{\"eid\":15}]\n")]
    public void A_line_that_is_no_page_below_is_cut_off_with_what_follows(string line)
    {
        Create([30, 31]).Dispose();
        File.AppendAllText(_path, line + "[{\"eid\":10}]\n");

        using var walk = WalkFile.Open(_path, Source)!;

        Eids(walk).Should().Equal(30, 31);
        walk.Lowest.Should().Be(30);
        File.ReadAllLines(_path).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"source\":\"op:acme\"")]
    [InlineData("garbage\n[{\"eid\":5}]\n")]
    [InlineData("null\n[{\"eid\":5}]\n")]
    [InlineData("[]\n[{\"eid\":5}]\n")]
    [InlineData("{\"source\":\"op:acme\",\"order\":\"newest first\"}\n")]
    [InlineData("{\"source\":\"op:acme\",\"order\":\"oldest first\"}\n[{\"eid\":5}]\n")]
    [InlineData("{\"source\":\"op:other\",\"order\":\"newest first\"}\n[{\"eid\":5}]\n")]
    [InlineData("{\"order\":\"newest first\"}\n[{\"eid\":5}]\n")]
    public void What_is_no_walk_of_this_source_is_thrown_away(string content)
    {
        File.WriteAllText(_path, content);

        var walk = WalkFile.Open(_path, Source);

        walk.Should().BeNull();
        File.Exists(_path).Should().BeFalse();
    }

    [Fact]
    public void Without_one_there_is_nothing_to_go_on_with() => WalkFile.Open(_path, Source).Should().BeNull();

    [Fact]
    public async Task A_run_goes_on_with_the_walk_of_the_one_before()
    {
        var log = _host.Account.Log(450);
        await BreakOffAsync();

        var next = await _host.CollectAsync();

        next.Should().Be(new FinishedRun(0, "", ""));
        _host.Account.Calls[1].Should().Be($"list events --eventid={log[250]} --older --account=acme");
        _host.Delivered.Should().Equal(log);
        File.Exists(_host.State("walk.ndjson")).Should().BeFalse();
    }

    [Fact]
    public async Task What_appeared_since_a_walk_broke_off_is_delivered_after_it()
    {
        var log = _host.Account.Log(450);
        await BreakOffAsync();
        var later = _host.Account.Log(130, first: 9000);

        await _host.CollectAsync();

        _host.Delivered.Should().Equal([.. log, .. later]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3000)]
    [InlineData(17_000)]
    [InlineData(100_000)]
    public async Task A_walk_torn_by_a_crash_is_mended(int torn)
    {
        var log = _host.Account.Log(450);
        await BreakOffAsync();
        var kept = await File.ReadAllBytesAsync(_host.State("walk.ndjson"));
        await File.WriteAllBytesAsync(_host.State("walk.ndjson"), kept[..Math.Max(0, kept.Length - torn)]);

        var next = await _host.CollectAsync();

        next.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_walk_of_another_account_is_not_delivered()
    {
        var log = _host.Account.Log(150);
        Directory.CreateDirectory(_host.State(""));
        await File.WriteAllTextAsync(_host.State("walk.ndjson"), "{\"source\":\"op:other\",\"order\":\"newest first\"}\n[{\"eid\":5}]\n");

        await _host.CollectAsync();

        _host.Delivered.Should().Equal(log);
    }

    [Theory]
    [InlineData("pwrite64:error=ENOSPC:when=2")]
    [InlineData("fsync:error=EIO:when=1")]
    [InlineData("pread64:error=EIO:when=1")]
    public async Task A_disk_that_fails_a_walk_ends_the_run_and_the_next_one_finishes_it(string fault)
    {
        var log = _host.Account.Log(250);

        var failed = await Strace.CollectAsync(_host, fault, _host.State("walk.ndjson"));
        var next = await _host.CollectAsync();

        failed.ExitCode.Should().Be(74, failed.Stderr);
        failed.Stderr.Should().Contain("walk.ndjson").And.NotContain("bug");
        next.ExitCode.Should().Be(0, next.Stderr);
        _host.Delivered.Should().Equal(log);
    }

    /// <summary>A run that has walked two pages and is refused the third.</summary>
    async Task BreakOffAsync()
    {
        _host.Account.WithFault("""{"command":"list events","call":3,"do":"http","status":403}""");
        var broken = await _host.CollectAsync();
        broken.ExitCode.Should().Be(77, broken.Stderr);
        File.Exists(_host.State("walk.ndjson")).Should().BeTrue();
        _host.Account.WithoutFaults().ForgetCalls();
    }

    WalkFile Create(params long[][] pages)
    {
        var walk = WalkFile.Create(_path, Source);
        Array.ForEach(pages, eids => walk.Append(Page(eids)));
        return walk;
    }

    static OpPage Page(params long[] eids) =>
        OpPage.Parse(Encoding.UTF8.GetBytes($"[{string.Join(',', eids.Select(eid => Account.Event(eid, DateTimeOffset.UnixEpoch)))}]"));

    static long[] Eids(WalkFile walk) => [.. walk.Ascending().SelectMany(page => page.Events.Select(each => each.Eid))];
}
