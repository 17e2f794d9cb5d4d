using System.Text.Json;
using EventsApiEmulator;
using OpCollector.Configuration;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;
using Serilog.Core;
using SiemEmulator.Faults;

namespace OpCollector.Tests;

/// <summary>An API that takes too long over a large page: a smaller one is asked for.</summary>
public sealed class EventsApiSlowSpecs : IDisposable
{
    static readonly TimeSpan LongerThanARequestMay = TimeSpan.FromSeconds(61);

    readonly EventsApi _api = new();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-slow-");
    readonly VirtualTime _time = new(DateTimeOffset.UtcNow);
    int _slow;

    public EventsApiSlowSpecs() => _api.OnRequest = feature =>
    {
        if (feature == "auditevents" && Interlocked.Decrement(ref _slow) >= 0)
        {
            _time.Advance(LongerThanARequestMay);
        }
    };

    public void Dispose()
    {
        _api.Dispose();
        _directory.Delete(recursive: true);
    }

    IEnumerable<int?> Limits => _api.Of("auditevents").Where(request => !request.IsByCursor).Select(request => (int?)request.Json["limit"]);

    [Fact]
    public async Task After_two_attempts_half_as_many_events_are_asked_for()
    {
        var all = Add(30);
        BeSlow(2);

        (await ReadAsync()).Should().Equal(all);

        Limits.Should().Equal(20, 20, 10);
    }

    [Fact]
    public async Task A_cursor_keeps_its_limit_so_that_a_smaller_page_is_asked_for_by_time()
    {
        var all = Add(50);
        _api.With(Trouble.OnTheWire(Manner.Hang).Of("auditevents") with { After = 1, Times = 2 });
        _api.OnRequest = feature =>
        {
            if (feature == "auditevents" && Interlocked.Increment(ref _slow) is 2 or 3)
            {
                _time.Advance(LongerThanARequestMay);
            }
        };

        (await ReadAsync()).Should().Equal(all);

        Limits.Should().Equal(20, 10);
    }

    [Fact]
    public async Task One_slow_answer_changes_nothing()
    {
        var all = Add(30);
        BeSlow(1);

        (await ReadAsync()).Should().Equal(all);

        Limits.Should().Equal(20, 20);
    }

    [Fact]
    public async Task An_API_that_answers_nothing_at_all_ends_the_stream()
    {
        Add(3);
        BeSlow(100);

        var read = () => ReadAsync();

        (await read.Should().ThrowAsync<Failure>()).Which.Should().Match<Failure>(
            failure => failure.Code == ExitCode.SourceUnavailable && failure.Message.Contains("did not answer within 60 s"));
        Limits.Distinct().Should().Equal(20, 10, 5, 2, 1);
    }

    string[] Add(int count) => _api.AddMany("auditevents", count, DateTimeOffset.UtcNow.AddMinutes(-10), TimeSpan.FromSeconds(1));

    void BeSlow(int times)
    {
        _slow = times;
        _api.With(Trouble.OnTheWire(Manner.Hang).Of("auditevents") with { Times = times });
    }

    async Task<string[]> ReadAsync()
    {
        var place = new ConfigurationMember(
            new ConfigurationPlace("opcollector.json", 1, 1), "source.eventsApi.token", "token", JsonTokenType.String, "x", owner: null);
        var audit = new StreamSettings(EventStream.Audit, TimeSpan.FromHours(1), TimeSpan.FromDays(1));
        var state = new StateDirectory(_directory.FullName);
        await using var source = new EventsApiSource(
            new EventsApiSettings(new TokenSettings(place, null, null), null, [audit], 20),
            new StartingPoint("1h", Ago: TimeSpan.FromHours(1)),
            new SecretTokenReader(new EnvironmentSecret(place, "T", EnvironmentVariables.None.With("T", _api.Token.Text))),
            new EventsApiMemory.CheckMemory(state),
            state,
            mostCalls: 1,
            _time,
            Logger.None);
        var ct = TestContext.Current.CancellationToken;
        var uuids = new List<string>();
        await foreach (var page in source.PagesAsync(await source.BeginAsync(new StartingPoint("1h", Ago: TimeSpan.FromHours(1)), ct), ct))
        {
            uuids.AddRange(page.Events.Select(each => each.Id));
            page.Memory.Write();
        }

        return source.PartialFailure is { } trouble ? throw trouble : [.. uuids];
    }
}
