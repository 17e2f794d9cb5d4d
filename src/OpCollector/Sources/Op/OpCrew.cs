using System.Globalization;
using System.Threading.Channels;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// Several sessions of op, so that it can be asked several things at once: op rewrites the file of its session at every call, and two
/// calls on one session fail at random. The first session does everything as long as pages are asked for one after the other. When
/// several are wanted at once, the others sign in one after the other while those that are there work, because each one-time code is
/// good for one of them.
/// </summary>
/// <param name="calls">How many sessions may work at once, the first included.</param>
/// <param name="directory">Where the others get a TMPDIR each: op keeps its sessions there.</param>
internal sealed class OpCrew(OpSession first, OpSessions sessions, AllowedCalls calls, string directory, ILogger log) : Op
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Pages read ahead wait in memory, at most two for each session; together they may be as large as one page may be alone.
    readonly int _mostListed = OpProcess.MostListed / (2 * calls.MostEver);

    // op writes its configuration when it signs in, and is better not killed there.
    static readonly TimeSpan PatienceForSignIn = TimeSpan.FromSeconds(5);

    readonly Lock _counting = new();
    readonly Channel<OpSession> _free = Channel.CreateUnbounded<OpSession>();
    readonly List<OpSession> _hired = [];
    readonly CancellationTokenSource _dismissed = new();
    Task? _hiring;
    Task? _dismissal;
    int _working = 1;

    public override int MostCalls => calls.MostCalls;

    // Before the crew has begun to work, and after it was dismissed, there is the first session alone.
    bool IsAtWork => _hiring is not null && _dismissal is null;

    public override Task<OpGeneration> SignedInAsync(CancellationToken ct) => first.SignedInAsync(ct);

    public override async Task<OpPage> ListAsync(OpQuery query, CancellationToken ct)
    {
        using var rented = await RentAsync(ct);
        return await rented.Session.ListAsync(query, ct);
    }

    public override async Task<OpPage> ListInParallelAsync(OpQuery query, CancellationToken ct)
    {
        await BeginAsync(ct);
        using var rented = await RentAsync(ct);
        return await rented.Session.ListUpToAsync(_mostListed, query, ct);
    }

    public override async Task<IReadOnlyList<ListedEntity>> ListNamesAsync(NameQuery query, CancellationToken ct)
    {
        using var rented = await RentAsync(ct);
        return await rented.Session.ListNamesAsync(query, ct);
    }

    /// <summary>Signs out all but the first session; asked for twice, it is the same.</summary>
    public override Task StopParallelCallsAsync() => _dismissal ??= SignOutAsync();

    public override async ValueTask DisposeAsync()
    {
        await Task.WhenAll(StopParallelCallsAsync(), first.DisposeAsync().AsTask());
        _dismissed.Dispose();
    }

    async Task SignOutAsync()
    {
        _dismissed.CancelAfter(PatienceForSignIn);
        if (_hiring is not null)
        {
            await _hiring;
        }

        await Task.WhenAll(_hired.Select(session => session.DisposeAsync().AsTask()));
        Clear();
    }

    // A session that was signed out is not used again.
    async Task<RentedSession> RentAsync(CancellationToken ct)
    {
        if (!IsAtWork)
        {
            return new RentedSession(first, Lender: null);
        }

        OpSession session;
        do
        {
            session = await _free.Reader.ReadAsync(ct);
        }
        while (_dismissal is not null && session != first);
        return new RentedSession(session, this);
    }

    // The first session alone tells whether the password is right; only then others try it.
    async Task BeginAsync(CancellationToken ct)
    {
        if (_hiring is not null)
        {
            return;
        }

        await first.SignedInAsync(ct);
        Clear();
        _free.Writer.TryWrite(first);
        _hiring = HireAsync(_dismissed.Token);
    }

    async Task HireAsync(CancellationToken ct)
    {
        try
        {
            while (_working < calls.MostCalls && _dismissal is null)
            {
                var session = sessions.Another(Place(_working));
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
            // The crew is dismissed before all of it was there.
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

    // Removes the files that a killed run left; its sessions expire by themselves.
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
            log.Debug("{Directory:l} cannot be removed: {Reason:l}", directory, SystemError.Describe(ex));
        }
    }

    void GiveBack(OpSession session)
    {
        lock (_counting)
        {
            // A call that waits when the others have signed out gets the first one, so that one is never given up.
            if (_working > calls.MostCalls && session != first)
            {
                _working--;
                return;
            }
        }

        _free.Writer.TryWrite(session);
    }

    /// <summary>A session while a call uses it.</summary>
    /// <param name="Lender">Who gets it back; null where it is the first one, which nobody else waits for.</param>
    readonly record struct RentedSession(OpSession Session, OpCrew? Lender) : IDisposable
    {
        public void Dispose() => Lender?.GiveBack(Session);
    }
}
