using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Delivery;

namespace OpCollector.Tests;

/// <summary>What cannot be an event is kept with the reason, told, and does not hold its neighbours back.</summary>
public sealed class QuarantineSpecs : IDisposable
{
    const string NoEid = """{"action":"create"}""";

    static readonly FinishedRun Nothing = new(0, "", "");

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("""{"action":"create"}""", "eid")]
    [InlineData("""{"eid":0}""", "eid")]
    [InlineData("""{"eid":-5}""", "eid")]
    [InlineData("""{"eid":"1003"}""", "eid")]
    [InlineData("""{"eid":1e3}""", "eid")]
    [InlineData("""{"eid":1003.5}""", "eid")]
    [InlineData("""{"eid":null}""", "eid")]
    [InlineData("""{"eid":[1003]}""", "eid")]
    [InlineData("""{"eid":99999999999999999999}""", "eid")]
    [InlineData("""{"nested":{"eid":1003}}""", "eid")]
    [InlineData("""{}""", "eid")]
    [InlineData("""{"eid":1e3,"é":"\ud800 \/ 1.50","a":1,"a":2}""", "eid")]
    public async Task An_object_without_a_usable_eid_lies_there_as_it_was_shown(string item, string why)
    {
        var run = await CollectAroundAsync(Encoding.UTF8.GetBytes(item));

        run.ExitCode.Should().Be(2);
        run.Complaint.Should().Contain("quarantine.ndjson").And.Contain("1 item");
        var line = _host.Quarantine.Single();
        line.Should().EndWith($",\"event\":{item}}}");
        ShouldTell(line, Encoding.UTF8.GetBytes(item), why);
        _host.Delivered.Should().Equal(1000, 1007, 1014);
    }

    [Theory]
    [InlineData("\"text\"", "object")]
    [InlineData("17", "object")]
    [InlineData("null", "object")]
    [InlineData("true", "object")]
    [InlineData("[{\"eid\":1003}]", "object")]
    [InlineData("{\"eid\":1003,\"who\":\"\u00ff\"}", "UTF-8")]
    public async Task What_is_no_object_or_no_text_lies_there_byte_for_byte(string item, string why)
    {
        var bytes = Encoding.Latin1.GetBytes(item);

        var run = await CollectAroundAsync(bytes);

        run.ExitCode.Should().Be(2);
        var line = _host.Quarantine.Single();
        Convert.FromBase64String((string)JsonNode.Parse(line)!["bytes"]!).Should().Equal(bytes);
        ShouldTell(line, bytes, why);
        _host.Delivered.Should().Equal(1000, 1007, 1014);
    }

    [Fact]
    public async Task It_is_told_once_although_it_is_read_again()
    {
        await CollectAroundAsync(Encoding.UTF8.GetBytes(NoEid));

        var again = await _host.CollectAsync();
        _host.Account.Append(Account.Event(9000));
        var more = await _host.CollectAsync();

        again.Should().Be(Nothing);
        more.Should().Be(Nothing);
        _host.Quarantine.Should().ContainSingle();
    }

    [Fact]
    public async Task What_was_seen_and_moved_away_does_not_come_back()
    {
        await CollectAroundAsync(Encoding.UTF8.GetBytes(NoEid));
        File.Delete(_host.State("quarantine.ndjson"));
        TellLast(DateTimeOffset.UtcNow.AddDays(-2));

        var again = await _host.CollectAsync();

        again.Should().Be(Nothing);
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task It_is_told_again_after_a_day()
    {
        await CollectAroundAsync(Encoding.UTF8.GetBytes(NoEid));
        TellLast(DateTimeOffset.UtcNow.AddHours(-23));
        var sooner = await _host.CollectAsync();
        TellLast(DateTimeOffset.UtcNow.AddHours(-25));

        var later = await _host.CollectAsync();
        var afterwards = await _host.CollectAsync();

        sooner.Should().Be(Nothing);
        later.ExitCode.Should().Be(2);
        later.Complaint.Should().Contain("still").And.Contain("quarantine.ndjson");
        afterwards.Should().Be(Nothing);
    }

    [Fact]
    public async Task A_run_that_fails_later_on_tells_it_too()
    {
        using var receiver = new Receiver().Then(Receiver.Answer.Of(200));
        receiver.Otherwise = Receiver.Answer.Of(401);
        _host.To(receiver).Configuration["start"] = "999";
        _host.Account.Log(99);
        _host.Account.Append("@eid=4000\tnull");
        _host.Account.Log(50, first: 5000);

        var run = await _host.CollectAsync();
        receiver.Otherwise = Receiver.Answer.Of(200);
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.Stderr.Should().Contain("answered 401").And.Contain("1 item quarantined");
        next.Should().Be(Nothing);
        _host.Quarantine.Should().ContainSingle();
    }

    [Fact]
    public async Task A_crash_behind_it_neither_doubles_nor_hides_it()
    {
        await StartAsync();
        Append(Encoding.UTF8.GetBytes(NoEid));
        await Strace.CollectAsync(_host, "fsync:signal=SIGKILL:when=1", _host.State("checkpoint.json.tmp"));

        var next = await _host.CollectAsync();

        next.ExitCode.Should().Be(2);
        _host.Quarantine.Should().ContainSingle();
    }

    [Fact]
    public void A_line_that_lacks_only_its_end_is_neither_lost_nor_doubled()
    {
        File.WriteAllText(
            Path.Combine(_host.Root, "q"), """{"when":"2026-05-04T03:02:01Z","stream":"audit","id":"1","why":"x","event":{"eid":1}}""");
        var quarantine = new QuarantineFile(Path.Combine(_host.Root, "q"), Path.Combine(_host.Root, "q.lock"), TimeProvider.System);

        var added = quarantine.Add([Item(1), Item(2)]);

        added.Should().Be(1);
        quarantine.Items().Select(item => item.Id).Should().Equal("1", "2");
        File.ReadAllLines(Path.Combine(_host.Root, "q")).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("\0", 100_000_000, 0)]
    [InlineData("\0", 5, 0)]
    [InlineData("a note\n", 7, 0)]
    [InlineData("{\"when\":\"2026-05-04T03:02:01Z\",", 17_000_000, 1)]
    public void What_is_no_item_does_not_lie_there(string begin, long length, int count)
    {
        File.WriteAllText(Path.Combine(_host.Root, "q"), begin);
        using (var file = File.OpenWrite(Path.Combine(_host.Root, "q")))
        {
            file.SetLength(length);
        }

        var quarantine = new QuarantineFile(Path.Combine(_host.Root, "q"), Path.Combine(_host.Root, "q.lock"), TimeProvider.System);

        (quarantine.IsEmpty, quarantine.Summarize().Count).Should().Be((count == 0, count));
    }

    [Fact]
    public void A_line_of_very_many_parts_takes_little_more_than_its_size()
    {
        var item = $$"""{"uuid":7,"a":[{{string.Join(',', Enumerable.Repeat(1, 4_000_000))}}]}""";
        var line = Encoding.UTF8.GetBytes($$"""{"when":"2026-05-04T03:02:01Z","stream":"audit","id":"1","why":"x","event":{{item}}}""");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var read = QuarantinedItem.Read(line)!;

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
        read.Bytes.Length.Should().Be(item.Length);
    }

    [Theory]
    [InlineData("""{"stream":"audit","id":"1","why":"x","event":{},"event":{"eid":2}}""", """{"eid":2}""")]
    [InlineData("""{"stream":"audit","id":"1","why":"x","\u0065vent": {"eid" : 2} , "other":[{}]}""", """{"eid" : 2}""")]
    [InlineData("""{"stream":"audit","id":"1","why":"x","event":{},"bytes":"e30="}""", "{}")]
    [InlineData("""{"stream":"audit","id":"1","why":"x"}""", null)]
    [InlineData("""{"stream":null,"id":"1","why":"x","event":{}}""", null)]
    [InlineData("""{"id":"1","why":"x","event":{}}""", null)]
    [InlineData("""{"stream":"audit","id":"1","why":"x","event":{}} {}""", null)]
    [InlineData("""{"stream":"audit","id":"1","why":"x","bytes":"?"}""", null)]
    [InlineData("""[]""", null)]
    public void An_item_is_what_stands_in_its_line(string line, string? bytes)
    {
        var item = QuarantinedItem.Read(Encoding.UTF8.GetBytes(line));

        (item is null ? null : Encoding.UTF8.GetString(item.Bytes.Span)).Should().Be(bytes);
    }

    [Fact]
    public async Task What_a_run_left_there_unsynced_is_durable_before_it_counts_as_known()
    {
        using var disk = await LossyFileSystem.MountAsync();
        var directory = await disk.MakeAsync("state");
        var quarantine = new QuarantineFile(Path.Combine(directory, "q"), Path.Combine(directory, "q.lock"), TimeProvider.System);
        await File.WriteAllTextAsync(
            quarantine.Location, """{"when":"2026-05-04T03:02:01Z","stream":"audit","id":"1","why":"x","event":{"eid":1}}""" + "\n");

        var added = quarantine.Add([Item(1)]);
        await disk.RestartAsync("forget", 0);

        added.Should().Be(0);
        quarantine.Items().Select(item => item.Id).Should().Equal("1");
    }

    [Fact]
    public async Task The_checkpoint_does_not_pass_what_could_not_be_quarantined()
    {
        await StartAsync();
        Append(Encoding.UTF8.GetBytes(NoEid));
        var position = (long)_host.Checkpoint["lastEventId"]!;
        Directory.CreateDirectory(_host.State("quarantine.ndjson"));

        var run = await _host.CollectAsync();
        var kept = (long)_host.Checkpoint["lastEventId"]!;
        Directory.Delete(_host.State("quarantine.ndjson"));
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(74);
        run.Complaint.Should().Contain("quarantine.ndjson");
        kept.Should().Be(position);
        next.ExitCode.Should().Be(2);
        _host.Quarantine.Should().ContainSingle();
    }

    [Fact]
    public async Task A_dry_run_names_it_and_keeps_nothing()
    {
        await StartAsync();
        Append(Encoding.UTF8.GetBytes(NoEid));

        var run = await _host.CollectAsync("--dry-run");

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().Contain("eid").And.Contain("quarantine");
        _host.Quarantine.Should().BeEmpty();
    }

    [Theory]
    [InlineData("oldest")]
    [InlineData("5")]
    [InlineData("latest")]
    public async Task A_whole_page_without_a_usable_eid_is_quarantined_and_stops_every_run(string start)
    {
        _host.Configuration["start"] = start;
        Unreadable(100, first: 100);

        var run = await _host.CollectAsync();
        var again = await _host.CollectAsync();

        run.ExitCode.Should().Be(65, run.Stderr);
        run.Stderr.Should().Contain("quarantine");
        _host.Quarantine.Should().HaveCount(100);
        again.ExitCode.Should().Be(65, again.Stderr);
        _host.Quarantine.Should().HaveCount(100);
    }

    [Fact]
    public async Task A_whole_page_without_a_usable_eid_behind_known_events_is_quarantined_and_stops_every_run()
    {
        var log = _host.Account.Log(1);
        await _host.CollectAsync();
        Unreadable(100, first: 2000);

        var run = await _host.CollectAsync();
        var again = await _host.CollectAsync();

        run.ExitCode.Should().Be(65, run.Stderr);
        again.ExitCode.Should().Be(65, again.Stderr);
        _host.Quarantine.Should().HaveCount(100);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task Unreadable_items_at_the_bottom_of_a_walk_are_not_lost()
    {
        Unreadable(3, first: 100);
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        _host.Quarantine.Should().HaveCount(3);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task Unreadable_items_that_have_a_page_of_a_walk_to_themselves_are_not_lost()
    {
        Unreadable(3, first: 100);
        var log = _host.Account.Log(100);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        _host.Quarantine.Should().HaveCount(3);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_whole_page_without_a_usable_eid_in_a_walk_is_quarantined_and_stops_the_run()
    {
        _host.Account.Log(3, first: 10);
        Unreadable(100, first: 100);
        _host.Account.Log(100);

        var run = await _host.CollectAsync();
        var again = await _host.CollectAsync();

        run.ExitCode.Should().Be(65, run.Stderr);
        again.ExitCode.Should().Be(65, again.Stderr);
        _host.Quarantine.Should().HaveCount(100);
    }

    static QuarantinedItem Item(int eid) => new("audit", $"{eid}", "x", Encoding.UTF8.GetBytes($$"""{"eid":{{eid}}}"""));

    static void ShouldTell(string line, byte[] item, string why)
    {
        var told = JsonNode.Parse(line)!;
        ((string)told["stream"]!).Should().Be("audit");
        ((string)told["why"]!).Should().Contain(why);
        ((string)told["id"]!).Should().Be($"sha256:{Convert.ToHexStringLower(SHA256.HashData(item))}");
        DateTimeOffset.Parse((string)told["when"]!, CultureInfo.InvariantCulture)
            .Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(2));
    }

    async Task StartAsync()
    {
        _host.Account.Append(Account.Event(1000));
        await _host.CollectAsync();
    }

    async Task<FinishedRun> CollectAroundAsync(byte[] item)
    {
        await StartAsync();
        Append(item);
        return await _host.CollectAsync();
    }

    void Append(byte[] item)
    {
        _host.Account.Append(Account.Event(1007));
        File.AppendAllBytes(Path.Combine(_host.Home, "op-events.ndjson"), [.. "@eid=1010\t"u8, .. item, (byte)'\n']);
        _host.Account.Append(Account.Event(1014));
    }

    void Unreadable(int count, int first) => _host.Account.Append(
        [.. Enumerable.Range(first, count).Select(position => $$"""@eid={{position}}{{'\t'}}{"no":{{position}}}""")]);

    void TellLast(DateTimeOffset told)
    {
        var run = _host.LastRun;
        run["quarantineTold"] = told.ToString("o");
        File.WriteAllText(_host.State("last-run.json"), run.ToJsonString());
    }
}
