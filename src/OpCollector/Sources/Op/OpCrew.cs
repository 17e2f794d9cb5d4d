using System.Globalization;
using System.Threading.Channels;
using OpCollector.Events;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// Several sessions of op, so that it can be asked several things at once: op rewrites the file of its session at every call, and two
/// calls on one session fail at random. The first session is the one that a run has anyway; the others sign in one after the other
/// while those that are there work, because each one-time code is good for one of them.
/// </summary>
/// <param name="first">The session of the run, which is not ours to end.</param>
/// <param name="hire">Makes one more session, not signed in yet, with this TMPDIR.</param>
/// <param name="size">How many sessions are wanted, the first included.</param>
/// <param name="directory">Where the others get a TMPDIR each: op keeps its sessions there.</param>
internal sealed class OpCrew(Func<OpSession> first, Func<string, OpSession> hire, int size, string directory, ILogger log) : IAsyncDisposable
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // What is read ahead waits for its turn, at most two pages for each session: together they are as large as one page may be.
    readonly int _mostListed = OpProcess.MostListed / (2 * size);

    // op writes its configuration when it signs in, and is better not killed there.
    static readonly TimeSpan PatienceForSignIn = TimeSpan.FromSeconds(5);

    readonly Lock _counting = new();
    readonly Channel<OpSession> _free = Channel.CreateUnbounded<OpSession>();
    readonly List<OpSession> _hired = [];
    readonly CancellationTokenSource _dismissed = new();
    Task? _hiring;
    Task? _dismissal;
    int _most = size;
    int _working = 1;

    /// <summary>How many sessions may work at once: as many as were asked for, and half of them each time that op throttles.</summary>
    public int Most => _most;

    /// <summary>Lists a page with a session that is free.</summary>
    public Task<OpPage> ListAsync(OpQuery query, CancellationToken ct)
    {
        var most = _most;
        return WithAsync(session => session.ListAsync(query, ct, onThrottled: () => Halve(most), _mostListed), ct);
    }

    /// <summary>Lists names with a session that is free: the first one may be in the middle of a page.</summary>
    public Task<ReadOnlyMemory<byte>> ListNamesAsync(NameKind kind, CancellationToken ct) => WithAnyAsync(session => session.ListNamesAsync(kind, ct), ct);

    /// <summary>Lists the members of a group in the same way.</summary>
    public Task<ReadOnlyMemory<byte>> ListMembersAsync(string group, CancellationToken ct) => WithAnyAsync(session => session.ListMembersAsync(group, ct), ct);

    /// <summary>Signs out all but the first session; asked for twice, it is the same.</summary>
    public Task DismissAsync() => _dismissal ??= SignOutAsync();

    public async ValueTask DisposeAsync() => await DismissAsync();

    async Task SignOutAsync()
    {
        _dismissed.CancelAfter(PatienceForSignIn);
        if (_hiring is not null)
        {
            // For whoever waits for a session: it takes one call after the other by itself.
            _free.Writer.TryWrite(first());
            await _hiring;
        }

        await Task.WhenAll(_hired.Select(session => session.DisposeAsync().AsTask()));
        Clear();
        _dismissed.Dispose();
    }

    // Before the crew has begun to work, and after it was dismissed, there is the first session alone.
    Task<T> WithAnyAsync<T>(Func<OpSession, Task<T>> work, CancellationToken ct) => _hiring is null || _dismissal is not null ? work(first()) : WithAsync(work, ct);

    async Task<T> WithAsync<T>(Func<OpSession, Task<T>> work, CancellationToken ct)
    {
        await BeginAsync(ct);
        var session = await TakeAsync(ct);
        try
        {
            return await work(session);
        }
        finally
        {
            GiveBack(session);
        }
    }

    // Those that were signed out stay out.
    async Task<OpSession> TakeAsync(CancellationToken ct)
    {
        OpSession session;
        do
        {
            session = await _free.Reader.ReadAsync(ct);
        }
        while (_dismissal is not null && session != first());
        return session;
    }

    // The first session alone tells whether the password is right; only then others try it.
    async Task BeginAsync(CancellationToken ct)
    {
        if (_hiring is not null)
        {
            return;
        }

        var session = first();
        await session.SignedInAsync(ct);
        Clear();
        _free.Writer.TryWrite(session);
        _hiring = HireAsync(_dismissed.Token);
    }

    async Task HireAsync(CancellationToken ct)
    {
        try
        {
            while (_working < _most && _dismissal is null)
            {
                var session = hire(Place(_working));
                _hired.Add(session);
                await session.SignedInAsync(ct);
                lock (_counting)
                {
                    _working++;
                }

                _free.Writer.TryWrite(session);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for them any more.
        }
        catch (Failure failure)
        {
            log.Information("Going on with {Count} sessions of op: {Reason:l}", _working, failure.Message);
        }
    }

    string Place(int number)
    {
        var path = Path.Combine(directory, number.ToString(CultureInfo.InvariantCulture));
        try
        {
            return Directory.CreateDirectory(path, OwnerOnly).FullName;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    // A killed run leaves its sessions: they end of themselves, and their files now.
    void Clear()
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            log.Debug("{Directory:l} cannot be removed: {Reason:l}", directory, SystemError.Words(ex));
        }
    }

    // Those that were throttled together are throttled once.
    void Halve(int seen)
    {
        lock (_counting)
        {
            if (_most == seen && _most > 1)
            {
                _most /= 2;
                log.Information("1Password asks for fewer requests: {Count} calls of op at once from now on", _most);
            }
        }
    }

    void GiveBack(OpSession session)
    {
        lock (_counting)
        {
            if (_working > _most)
            {
                _working--;
                return;
            }
        }

        _free.Writer.TryWrite(session);
    }
}
