using System.Globalization;
using System.Security.Cryptography;

namespace OpCollector.Storage.Postgres;

/// <summary>
/// The right to do one piece of work of a collector, for a while by the database's clock. Who takes it after that time gets a higher
/// number, the fence; a run that has lost it, because it was stopped or cut off for too long, fails with its next commit.
/// </summary>
/// <param name="Holder">The host and the process, which nobody else calls himself.</param>
internal sealed record PostgresLease(string Name, string Work, string Holder, long Fence, TimeSpan Length)
{
    const string Mine = "name = $1 AND work = $2 AND holder = $3 AND fence = $4";

    /// <summary>How many commits were made under it.</summary>
    public long Commits { get; private set; }

    /// <summary>How a run calls itself. Containers may all have one name and one process.</summary>
    public static string NewHolder() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.MachineName} (pid {Environment.ProcessId}, run {RandomNumberGenerator.GetHexString(8, lowercase: true)})");

    /// <summary>Takes it where nobody holds it; null where somebody does.</summary>
    public static PostgresLease? TryAcquire(PostgresBatch batch, string name, string work, string holder, TimeSpan length)
    {
        var fence = batch
            .Add("SET LOCAL lock_timeout = '5s'")
            .Add(
                """
                INSERT INTO {0}.lease AS held (name, work, holder, fence, commits, since, until)
                VALUES ($1, $2, $3, 1, 0, clock_timestamp(), clock_timestamp() + $4)
                ON CONFLICT (name, work) DO UPDATE SET
                    holder = $3, fence = held.fence + 1, commits = 0, since = clock_timestamp(), until = clock_timestamp() + $4
                WHERE held.until <= clock_timestamp() OR held.holder = $3
                RETURNING fence
                """,
                name,
                work,
                holder,
                length)
            .LastValue();
        return fence is long number ? new PostgresLease(name, work, holder, number, length) : null;
    }

    /// <summary>
    /// Counts a commit and renews the lease, as the first part of a transaction: from then on nobody can take it before the transaction has
    /// ended.
    /// </summary>
    public void Renew(PostgresBatch batch)
    {
        var commits = batch
            .Add(
                $$"""
                UPDATE {0}.lease SET commits = commits + 1, until = greatest(until, clock_timestamp() + $5) WHERE {{Mine}}
                RETURNING commits
                """,
                Name,
                Work,
                Holder,
                Fence,
                Length)
            .LastValue() as long?;
        if (commits != Commits + 1)
        {
            throw commits is null ? Lost() : new Failure(
                ExitCode.HeldUp,
                "The database has forgotten what it had confirmed, as a standby does that took over and lagged behind; the next run goes on " +
                    "from what it knows");
        }
    }

    /// <summary>The commit was made.</summary>
    public void Count() => Commits++;

    /// <summary>
    /// Whether a commit whose answer did not come was made. It waits for our own transaction that is still at work there, so that the
    /// answer is true for ever.
    /// </summary>
    public bool WasCounted(PostgresBatch batch)
    {
        var commits = batch
            .Add("SET LOCAL lock_timeout = '20s'")
            .Add($$"""SELECT commits FROM {0}.lease WHERE {{Mine}} FOR UPDATE""", Name, Work, Holder, Fence)
            .LastValue() as long? ?? throw Lost();
        return commits == Commits + 1;
    }

    /// <summary>Gives it back, so that the next run need not wait for its end.</summary>
    public void Release(PostgresBatch batch) =>
        batch.Add($$"""UPDATE {0}.lease SET until = clock_timestamp() WHERE {{Mine}}""", Name, Work, Holder, Fence).Execute();

    static Failure Lost() => new(
        ExitCode.HeldUp,
        "Another host has taken over the work, because this one was out of reach of the database for too long; that one goes on, and at " +
            "most one batch is repeated");
}
