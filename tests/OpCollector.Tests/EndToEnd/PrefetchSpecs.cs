using System.Runtime.CompilerServices;
using OpCollector.Flow;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>The source fetches while the sink is busy, but only so far ahead.</summary>
public sealed class PrefetchSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();
    readonly CancellationTokenSource _stop = new();
    int _fetched;
    bool _ended;

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Op_is_asked_for_two_pages_more_while_the_receiver_holds_its_answer_and_for_no_third()
    {
        var gate = new TaskCompletionSource();
        _receiver.Then(Receiver.Answer.Of(200).After(gate.Task.WaitAsync));
        _host.To(_receiver).Configuration["start"] = "999";
        _host.Configuration["sink"]!["timeout"] = "60s";
        var log = _host.Account.Log(1000);
        using var run = _host.Start("collect");

        await Until.IsAsync(() => Newer() >= 3, "the third page is asked for");
        await SomebodyElsesRunAsync();
        var ahead = (Pages: Newer(), Requests: _receiver.Requests.Count);
        gate.SetResult();
        await run.ToEndAsync();

        ahead.Should().Be((3, 1));
        _receiver.Accepted.Should().Equal(log);
    }

    [Fact]
    public async Task Pages_come_in_their_order()
    {
        var pages = await ReadAhead.Prefetch(PagesAsync(100), _stop.Token).ToListAsync();

        pages.Should().Equal(Enumerable.Range(1, 100));
    }

    [Fact]
    public async Task One_page_is_made_ahead_and_none_more()
    {
        await using var pages = ReadAhead.Prefetch(PagesAsync(100), _stop.Token).GetAsyncEnumerator();
        await pages.MoveNextAsync();

        await Until.IsAsync(() => _fetched >= 2, "one more page is made");
        await ManyTurnsAsync();

        _fetched.Should().Be(2);
    }

    [Fact]
    public async Task A_failure_comes_after_the_pages_before_it()
    {
        var seen = new List<int>();
        var reading = async () =>
        {
            await foreach (var page in ReadAhead.Prefetch(PagesAsync(3, failsThen: true), _stop.Token))
            {
                seen.Add(page);
            }
        };

        await reading.Should().ThrowAsync<InvalidDataException>().WithMessage("half a page");

        seen.Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task After_a_stop_not_even_a_page_that_waits_is_given_out()
    {
        await using var pages = ReadAhead.Prefetch(PagesAsync(100), _stop.Token).GetAsyncEnumerator();
        await pages.MoveNextAsync();
        await Until.IsAsync(() => _fetched >= 2, "a page waits");

        await _stop.CancelAsync();

        await pages.Invoking(each => each.MoveNextAsync().AsTask()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_reader_that_has_enough_ends_the_fetching()
    {
        await foreach (var _ in ReadAhead.Prefetch(PagesAsync(100), _stop.Token))
        {
            break;
        }

        _ended.Should().BeTrue();
        _fetched.Should().BeLessThanOrEqualTo(3);
    }

    async IAsyncEnumerable<int> PagesAsync(int count, bool failsThen = false, [EnumeratorCancellation] CancellationToken ct = default)
    {
        try
        {
            for (var page = 1; page <= count; page++)
            {
                await Task.Yield();
                ct.ThrowIfCancellationRequested();
                Interlocked.Increment(ref _fetched);
                yield return page;
            }

            if (failsThen)
            {
                throw new InvalidDataException("half a page");
            }
        }
        finally
        {
            _ended = true;
        }
    }

    int Newer() =>
        _host.Account.Calls.Count(
            call => call.StartsWith("list events", StringComparison.Ordinal) && !call.Contains("--older", StringComparison.Ordinal));

    // Takes as long as several calls of op: time enough for one call too many to show.
    static async Task SomebodyElsesRunAsync()
    {
        using var elsewhere = new Sandbox();
        elsewhere.Account.Log(5);
        (await elsewhere.CollectAsync()).ExitCode.Should().Be(0);
    }

    static async Task ManyTurnsAsync()
    {
        for (var turn = 0; turn < 1000; turn++)
        {
            await Task.Yield();
        }
    }
}
