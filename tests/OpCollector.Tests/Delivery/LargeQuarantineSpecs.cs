using System.Globalization;
using OpCollector.Delivery;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>A quarantine that is larger than what a run should hold in memory.</summary>
public sealed class LargeQuarantineSpecs : IDisposable
{
    const int Items = 12_000;

    static readonly string Padding = new('x', 900);

    readonly Sandbox _host = new();

    public LargeQuarantineSpecs()
    {
        Directory.CreateDirectory(_host.State(""), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var file = new StreamWriter(_host.State("quarantine.ndjson"));
        for (var eid = 1; eid <= Items; eid++)
        {
            file.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{\"when\":\"2026-11-01T00:00:00Z\",\"stream\":\"audit\",\"id\":\"{eid}\",\"why\":\"was refused\",\"event\":{{\"eid\":{eid},\"x\":\"{Padding}\"}}}}\n"));
        }
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task It_is_delivered_as_a_whole_and_a_line_that_is_too_large_stays_and_is_told_of()
    {
        await File.AppendAllTextAsync(_host.State("quarantine.ndjson"), "{\"when\":\"" + new string('x', QuarantineLine.Most + 1) + "\n");

        var status = await _host.RunAsync("status");
        var replay = await _host.RunAsync("replay");

        status.Stdout.Should().Contain($"{Items + 1:N0} items");
        replay.ExitCode.Should().Be(2, replay.Stderr);
        replay.Complaint.Should().Contain("1 item ").And.Contain("larger than 16 MB");
        _host.Delivered.Should().Equal(Enumerable.Range(1, Items).Select(eid => (long)eid));
        new FileInfo(_host.State("quarantine.ndjson")).Length.Should().Be(QuarantineLine.Most + 11);
    }

    [Fact]
    public async Task A_replay_that_is_killed_repeats_at_most_one_batch()
    {
        using var receiver = new Receiver();
        using var arrived = new SemaphoreSlim(0);
        using var never = new SemaphoreSlim(0);
        _host.To(receiver);
        receiver.Then(Receiver.Answer.Of(200), Receiver.Answer.Of(200), Receiver.Answer.Of(200).After(async token =>
        {
            arrived.Release();
            await never.WaitAsync(TimeSpan.FromSeconds(30), token);
        }));

        using var killed = _host.Start("replay");
        await arrived.WaitAsync(TimeSpan.FromSeconds(60));
        await killed.KillAsync();
        never.Release();
        var status = await _host.RunAsync("status");
        var again = await _host.RunAsync("replay");

        status.Stdout.Should().Contain($"{Items - 200:N0} items");
        again.ExitCode.Should().Be(0, again.Stderr);
        receiver.Accepted.Distinct().Should().HaveCount(Items);
        receiver.Accepted.Length.Should().BeInRange(Items, Items + 100);
        new FileInfo(_host.State("quarantine.ndjson")).Length.Should().Be(0);
    }
}
