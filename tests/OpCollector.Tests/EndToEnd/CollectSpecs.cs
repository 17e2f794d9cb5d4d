namespace OpCollector.Tests;

/// <summary>The main job as cron has it done.</summary>
public sealed class CollectSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Every_event_is_delivered_once_and_in_order()
    {
        var log = _host.Account.Log(250);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_second_run_delivers_only_what_is_new()
    {
        var log = _host.Account.Log(30);
        await _host.CollectAsync();
        _host.Account.Append(Account.Event(9000));

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal([.. log, 9000]);
    }

    [Fact]
    public async Task An_idle_run_starts_three_processes_and_says_nothing()
    {
        _host.Account.Log(30);
        await _host.CollectAsync();
        _host.Account.ForgetCalls();

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Account.Calls.Should().Equal(
            "signin acme --raw --account=acme",
            "list events --eventid=1000 --account=acme",
            "signout --account=acme");
    }
}
