using EventsApiEmulator;
using SiemEmulator.Faults;

namespace OpCollector.Tests;

/// <summary>Whose token it is, is asked beside the first pages: that saves a way to 1Password, and lets nothing through.</summary>
public sealed class AdmissionSpecs : IDisposable
{
    static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    readonly EventsApi _api = new();
    readonly Sandbox _host = new();
    readonly CountdownEvent _streams = new(ApiToken.All.Length);
    bool _wereAsked;

    public AdmissionSpecs() => _host.From(_api);

    public void Dispose()
    {
        _host.Dispose();
        _api.Dispose();
        _streams.Dispose();
    }

    static DateTimeOffset Ago(double minutes) => DateTimeOffset.UtcNow.AddMinutes(-minutes);

    [Fact]
    public async Task The_streams_are_asked_before_it_is_answered()
    {
        string[] all = [.. ApiToken.All.Select(feature => _api.Add(feature, Ago(5)))];
        AnswerForTheTokenLast();

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _wereAsked.Should().BeTrue();
        _host.Uuids.Should().BeEquivalentTo(all);
        ((string)_host.Checkpoint["source"]!).Should().Be($"events:{EventsApi.Account}");
    }

    [Fact]
    public async Task Of_another_account_nothing_is_delivered_or_remembered_and_no_answer_is_waited_for()
    {
        var before = _api.Add("auditevents", Ago(5));
        await _host.CollectAsync();
        var files = State();
        _api.AccountUuid = "ANOTHERACCOUNT";
        Array.ForEach(ApiToken.All, feature => _api.Add(feature, Ago(1)));
        _api.With(Trouble.OnTheWire(Manner.Hang).Of("itemusages"));
        AnswerForTheTokenLast();

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        _wereAsked.Should().BeTrue();
        run.Errors.Should().ContainSingle().Which.Should().ContainAll(EventsApi.Account, "ANOTHERACCOUNT").And.NotContain("audit events");
        _host.Uuids.Should().Equal(before);
        State().Should().BeEquivalentTo(files);
    }

    [Fact]
    public async Task What_a_stream_without_right_answers_is_not_looked_at()
    {
        string[] others = [_api.Add("auditevents", Ago(5)), _api.Add("itemusages", Ago(4))];
        _api.Add("signinattempts", Ago(3));
        _api.With(Trouble.Changed(about => about.Replace("signinattempts", "another", StringComparison.Ordinal)).Of("introspect").Always());
        AnswerForTheTokenLast();

        var first = await _host.CollectAsync();
        var second = await _host.CollectAsync();

        (first.ExitCode, second.ExitCode).Should().Be((77, 77));
        second.LastWords.Should().Contain("The sign-in attempts: the token has no right to signinattempts");
        _host.Uuids.Should().BeEquivalentTo(others);
    }

    [Fact]
    public async Task A_stream_without_right_is_no_refused_token_that_is_not_tried_again()
    {
        _api.Token = ApiToken.For(_api.Authority, ["auditevents", "itemusages"]);
        _host.From(_api);
        AnswerForTheTokenLast();
        await _host.CollectAsync();

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.LastWords.Should().Contain("the token has no right to signinattempts").And.NotContain("not asked before");
        File.Exists(_host.State("events-api.json")).Should().BeFalse();
    }

    [Fact]
    public async Task A_run_that_is_over_before_it_is_answered_has_delivered_nothing()
    {
        _api.Add("auditevents", Ago(5));
        _host.Configuration["maxRunTime"] = "1s";
        _api.With(Trouble.OnTheWire(Manner.Hang).Of("introspect").Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.Complaint.Should().Contain("before anything was delivered");
        _host.Uuids.Should().BeEmpty();
    }

    // The answer about the token comes when each stream was asked, or never is within a long time.
    void AnswerForTheTokenLast()
    {
        _api.OnRequest = feature =>
        {
            if (feature == "introspect")
            {
                _wereAsked = _streams.Wait(Long);
            }
            else if (!_streams.IsSet)
            {
                _streams.Signal();
            }
        };
    }

    Dictionary<string, string> State() => Directory.GetFiles(_host.State(""))
        .Where(file => Path.GetFileName(file) is not ("last-run.json" or "collect.lock"))
        .ToDictionary(file => file, File.ReadAllText);
}
